"""Headers of web's own that Django has no setting for; nginx adds the rest (headers.conf.template)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.errors import API_PREFIX


class HeadersMiddleware:
    """Says of whatever the API answers, errors too, that nobody keeps it: it is one person's, as of now.

    In development Django leaves its debug pages, whose style is inside, without a policy, and nginx would give them the
    strictest there is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.DEBUG:
            policy = "default-src 'self' data: 'unsafe-inline'; frame-ancestors 'none'"
            response.headers.setdefault("Content-Security-Policy", policy)
        return response
