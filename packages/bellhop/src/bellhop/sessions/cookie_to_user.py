"""The login that a socket's cookie belongs to: whoever Django's auth.get_user() would return for that session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http.cookie import parse_cookie

from bellhop.contract import SESSION_MARK, user_key
from bellhop.sessions import stores, users
from bellhop.sessions.session_key import session_key_in
from bellhop.sessions.signature import is_signed_for, user_id_in


@dataclass(frozen=True)
class Login:
    """A valid login session: its user, the key of its row, and the seq after which its notifications begin."""

    user_id: Any
    user_key: str
    session_key: str
    # The stored hash, not the password: a change of it ends every other session.
    password: str
    mark: int | None
    # Of the session's row (stores.Stored).
    version: int = 0


def session_key(scope: dict[str, Any]) -> str:
    """Return the session key that the handshake's cookies carry, or the empty string."""
    cookies = "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )
    return session_key_in(parse_cookie(cookies))


def read_login(key: str) -> Login | None:
    """Return the login of a session key, or None if it has ended, expired, or was never one; as read_logins."""
    return read_logins([key]).get(key)


def read_logins(keys: Sequence[str]) -> dict[str, Login]:
    """Return the logins of those keys that have one, in two queries. Blocks; raises DatabaseError."""
    sessions = stores.read(keys)
    named = {
        key: (str(session.data.get(BACKEND_SESSION_KEY)), user_id_in(session.data))
        for key, session in sessions.items()
    }
    found = users.read(each for each in named.values() if each[1] is not None)
    logins = {}
    for key, session in sessions.items():
        user = found.get(named[key])
        if user is not None and is_signed_for(session.data, user):
            mark = session.data.get(SESSION_MARK)
            logins[key] = Login(
                user.pk,
                user_key(user),
                key,
                user.password,
                mark if isinstance(mark, int) else None,
                session.version,
            )
    return logins
