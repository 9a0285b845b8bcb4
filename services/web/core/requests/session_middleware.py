"""Django's sessions, for cookies of nonsense and for a database that goes away before the session is saved."""

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse

from bellhop.database.away import AWAY
from bellhop.sessions.session_key import session_key_in
from core.private_apis import error_behind
from core.requests.database_unavailable import unavailable


class SessionMiddleware(middleware.SessionMiddleware):
    """Takes only session keys that Django could have made, and answers 503 where a session cannot be saved."""

    def process_request(self, request: HttpRequest) -> None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Left in place when it is nonsense, so that the answer takes the cookie away.
            request.COOKIES[settings.SESSION_COOKIE_NAME] = session_key_in(request.COOKIES)
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except AWAY as error:
            return unavailable(request, error)
        except SessionInterrupted as error:
            # Django takes any failed update for a session that somebody has deleted meanwhile, a 400.
            if reason := error_behind(error, AWAY):
                return unavailable(request, reason)
            raise
