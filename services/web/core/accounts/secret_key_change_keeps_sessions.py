"""A change of SECRET_KEY signs nobody out: a session signed with the old key is signed anew under the key it has."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import User as Account
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.sessions.signature import is_signed_for, user_id_in


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's own, except that no session is lost to requests that come at the same time.

    Django gives a session that a fallback key verifies a new session key and deletes the old row. A page asks for
    several things at once: the second request finds no session, and its answer takes the new cookie away again. So the
    session is signed anew before Django looks at it. The session key is random and tells nothing of the old secret.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_user, request))  # type: ignore[assignment]


def _user(request: HttpRequest) -> "Account | AnonymousUser":
    if settings.SECRET_KEY_FALLBACKS:
        _sign_anew(request.session)
    user: Account | AnonymousUser = auth.get_user(request)
    return user


def _sign_anew(session: Any) -> None:
    """Sign the session with the current key if an old one signed it. One query, while there are old keys."""
    user_id = user_id_in(session)
    if user_id is None:
        return
    user = auth.get_user_model()._base_manager.filter(pk=user_id).first()
    if user is None or not is_signed_for(session, user):
        return
    signed = user.get_session_auth_hash()
    if session[auth.HASH_SESSION_KEY] != signed:
        session[auth.HASH_SESSION_KEY] = signed
