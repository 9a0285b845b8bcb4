"""Who is asking. After a change of SECRET_KEY a session is signed anew in place, under the key it has."""

from functools import partial
from typing import Any

from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import User as Account
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's own, but that nobody loses a session to requests that come at the same time.

    Django gives a session that a fallback key verifies a new session key and deletes the old row. A page asks for
    several things at once: whatever comes second finds no session, and its answer takes the new cookie away again.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user, request))  # type: ignore[assignment]


def _user(request: Any) -> "Account | AnonymousUser":
    if not hasattr(request, "_cached_user"):
        session = request.session
        # The session key is random, and tells nothing of the secret that is being replaced.
        session.cycle_key = _keep
        try:
            request._cached_user = auth.get_user(request)
        finally:
            del session.cycle_key
    user: Account | AnonymousUser = request._cached_user
    return user


def _keep() -> None:
    pass
