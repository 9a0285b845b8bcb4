"""Headers of web's own that Django has no setting for; nginx adds the rest (headers.conf.template)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.errors import API_PREFIX


class NoStoreMiddleware:
    """Says of whatever the API answers, errors too, that nobody keeps it: it is one person's, as of now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
