"""Response headers that Django has no setting for; nginx adds the rest (headers.conf.template)."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from core.pages.errors import API_PREFIX

_DEBUG_PAGES: Final = "default-src 'self' data: 'unsafe-inline'; frame-ancestors 'none'"


class HeadersMiddleware:
    """Forbids caches to keep a page or an answer of the API, errors included: each is one person's.

    allauth forbids it for some of its pages only. In development this gives Django's debug pages, whose style is
    inline, a policy that fits; nginx would give them the strictest there is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API_PREFIX):
            response.headers["Cache-Control"] = "no-store"
        elif "Cache-Control" not in response.headers and not _is_file(request):
            add_never_cache_headers(response)
        if settings.DEBUG:
            response.headers.setdefault("Content-Security-Policy", _DEBUG_PAGES)
        return response


def _is_file(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL) or request.path == "/favicon.ico"
