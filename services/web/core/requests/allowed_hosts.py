"""Refuses requests for a Host that is not ours: logged, and in development with a page that names the variable."""

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from core.pages import errors
from stack.environment import parse_public_url

log = structlog.get_logger(__name__)

QUIET_FOR: Final = 10.0
"""Seconds after a line in which a process writes no other: a scanner tries thousands of names."""

LOGGED_LENGTH: Final = 253
"""Characters of a Host that are logged: no name is longer."""


class HostMiddleware:
    """Refuses a Host that ALLOWED_HOSTS does not hold with 400, before anything of the request is used.

    In production the answer names neither the Host nor the setting, so that guessing teaches nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._unlogged = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEBUG and request.path.startswith(settings.STATIC_URL):
            # In development web serves the stylesheet of the refusal itself: same files for every host.
            request.META["HTTP_HOST"] = settings.PUBLIC_URL.host
        try:
            request.get_host()
        except DisallowedHost as error:
            self._note(request)
            if settings.DEBUG and not request.path.startswith(errors.API_PREFIX):
                return _explanation(request)
            return errors.bad_request(request, error)
        return self.get_response(request)

    def _note(self, request: HttpRequest) -> None:
        with self._lock:
            if time.monotonic() < self._quiet_until:
                self._unlogged += 1
                return
            self._quiet_until = time.monotonic() + QUIET_FOR
            unlogged, self._unlogged = self._unlogged, 0
        log.warning(
            "host_refused",
            host=_host(request)[:LOGGED_LENGTH],
            allowed=" ".join(settings.PUBLIC_ORIGINS),
            variable="PUBLIC_URL",
            note="set PUBLIC_URL to the address people type",
            unlogged=unlogged,
            # django-structlog, which binds it, comes later.
            request_id=request.headers.get("X-Request-ID"),
        )


def _host(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_HOST", ""))


def _explanation(request: HttpRequest) -> HttpResponse:
    """Return development's page. It proposes only what the start would accept."""
    parsed = parse_public_url(f"{request.scheme}://{_host(request)}")
    proposed = parsed if parsed and parsed.is_private else None
    context = {
        "opened": _host(request),
        "proposed": proposed.origin if proposed else None,
        "origin": settings.PUBLIC_URL.origin,
        "http_port": settings.HTTP_PORT,
        "http_bind": settings.HTTP_BIND,
    }
    return HttpResponse(render_to_string("errors/host_refused.html", context), status=400)
