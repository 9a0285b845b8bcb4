"""What every answer says of who may keep it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from core.errors import API_PREFIX


class CacheHeadersMiddleware:
    """Nobody between keeps an answer of the API, an error included, nor a page: they are one person's.

    allauth says so of some of its pages, and not of that of the addresses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX):
            response.headers["Cache-Control"] = "no-store"
        elif "Cache-Control" not in response.headers and not _is_file(request):
            add_never_cache_headers(response)
        return response


def _is_file(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL) or request.path == "/favicon.ico"
