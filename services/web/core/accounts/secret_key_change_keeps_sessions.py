"""A change of SECRET_KEY signs nobody out: a session signed with the old key is signed anew under the key it has."""

import time
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import User as Account
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.sessions.signature import is_signed_for, user_id_in

ROLLOUT: Final = 600.0
"""Seconds that replicas with the old key may still run beside this process: they cannot read what the new one signs,
and would tell an open page that its session is over. So long a session stays in its row as an old key signed it."""

_started_at: Final = time.monotonic()


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
    """Sign the session with the current key if an old one signed it; while this is a rollout, for this request alone.

    One query, while there are old keys.
    """
    user_id = user_id_in(session)
    if user_id is None:
        return
    user = auth.get_user_model()._base_manager.filter(pk=user_id).first()
    if user is None or not is_signed_for(session, user):
        return
    signed = user.get_session_auth_hash()
    if session[auth.HASH_SESSION_KEY] != signed:
        was_modified = session.modified
        session[auth.HASH_SESSION_KEY] = signed
        if _is_rollout():
            session.modified = was_modified


def _is_rollout() -> bool:
    return time.monotonic() - _started_at < ROLLOUT
