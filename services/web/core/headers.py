"""What every answer of the API says of itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.errors import API_PREFIX


class ApiHeadersMiddleware:
    """Nobody between keeps an answer of the API, an error included: they are one person's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX):
            response.headers["Cache-Control"] = "no-store"
        return response
