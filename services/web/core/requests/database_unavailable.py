"""PostgreSQL away: a request that needs it gets a 503 at once, as a page or as JSON, and the log no traceback."""

from collections.abc import Callable
from contextlib import suppress

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from bellhop.database.away import AWAY, log_error
from core.pages import errors


class DatabaseMiddleware:
    """Loads the signed-in user before anything else needs it, and answers 503 where the database is away.

    Django turns an exception of any other middleware into a 500 right there. Requests without a session cookie, and for
    files, ask nothing and work without a database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if _has_session(request):
                _bind_user(request)
        except AWAY as error:
            return unavailable(request, error)
        response = self.get_response(request)
        # The line that ends a login's story names who has just signed in.
        if request.session.accessed:
            with suppress(*AWAY):
                _bind_user(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request, error) if isinstance(error, AWAY) else None


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the 503, and log the error unless `database_lost` has been logged."""
    log_error(error)
    return errors.unavailable(request)


def _has_session(request: HttpRequest) -> bool:
    # In development the files of the error page come from here, too.
    is_file = request.path.startswith(settings.STATIC_URL)
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not is_file


def _bind_user(request: HttpRequest) -> None:
    structlog.contextvars.bind_contextvars(user_id=request.user.pk)
