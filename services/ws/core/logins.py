"""Which login a socket's cookie belongs to. Reads only: Channels' own middleware deletes the session row when
the hash does not match, which would sign people out after a SECRET_KEY rotation.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import connection
from django.http.cookie import parse_cookie
from django.utils.crypto import constant_time_compare

from bellhop.contract import SESSION_MARK, user_key
from core.tables import TABLES

_SESSION_KEY = re.compile(r"[a-z0-9]{32}")
_SESSION = (
    f"SELECT session_data FROM {TABLES['session']}"  # noqa: S608 - the name of our own table
    " WHERE session_key = %s AND expire_date > now()"
)


@dataclass(frozen=True)
class Login:
    """A valid login session: whose, the row it lives in, and where its notifications begin."""

    user_id: int
    user_key: str
    session_key: str
    # The stored hash, not the password: a change of it ends every other session.
    password: str
    mark: int | None


def session_key(scope: dict[str, Any]) -> str:
    """Return the session key that the handshake's cookies carry, or the empty string."""
    cookies = "; ".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"
    )
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return key if _SESSION_KEY.fullmatch(key) else ""


def read_login(key: str) -> Login | None:
    """Return the login of a session key, or None if it has ended, expired, or was never one."""
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SESSION, [key])
        row = cursor.fetchone()
    session = SessionStore().decode(row[0]) if row else {}
    try:
        user_id = get_user_model()._meta.pk.to_python(session.get(SESSION_KEY))
    except ValidationError:
        return None
    user = _active_user(user_id)
    if user is None or not _is_signed_for(user, session.get(HASH_SESSION_KEY) or ""):
        return None
    mark = session.get(SESSION_MARK)
    return Login(
        user.pk,
        user_key(user.pk, user.date_joined),
        key,
        user.password,
        mark if isinstance(mark, int) else None,
    )


def _active_user(user_id: Any) -> Any:
    """Return the user, whole, or None: which fields a session is signed with is the model's business."""
    sql, columns = _user_query()
    with connection.cursor() as cursor:
        cursor.execute(sql, [user_id])
        row = cursor.fetchone()
    return row and get_user_model().from_db(connection.alias, columns, row)


@cache
def _user_query() -> tuple[str, list[str]]:
    """Return Django's own SELECT of an active user by id, and its columns. Compiling it takes longer than asking it."""
    model = get_user_model()
    sql, params = model._default_manager.filter(is_active=True, pk=0).query.sql_with_params()
    if params != (0,):
        raise TypeError(f"the user model asks for more than an id: {params}")
    return sql, [field.attname for field in model._meta.concrete_fields]


def _is_signed_for(user: AbstractBaseUser, session_hash: str) -> bool:
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, hash_) for hash_ in valid)
