"""The login that a socket's cookie belongs to: session row and user by session key.

Reads only: Channels' own middleware deletes the session row when the hash does not match, which would sign people out
after a SECRET_KEY rotation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http.cookie import parse_cookie

from bellhop.contract import SESSION_MARK, user_key
from bellhop.database.sql_names import TABLES
from bellhop.sessions.session_key import session_key_in
from bellhop.sessions.signature import is_signed_for, user_id_in

_SESSIONS = (
    f"SELECT session_key, session_data FROM {TABLES['session']}"  # noqa: S608 - the name of our own table
    " WHERE session_key = ANY(%s) AND expire_date > now()"
)


@dataclass(frozen=True)
class Login:
    """A valid login session: its user, the key of its row, and the seq after which its notifications begin."""

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
    return session_key_in(parse_cookie(cookies))


def read_login(key: str) -> Login | None:
    """Return the login of a session key, or None if it has ended, expired, or was never one; as read_logins."""
    return read_logins([key]).get(key)


def read_logins(keys: Sequence[str]) -> dict[str, Login]:
    """Return the logins of those keys that have one, in two queries. Blocks; raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, [list(keys)])
        found = cursor.fetchall()
    sessions = {key: SessionStore().decode(data) for key, data in found}
    ids = {key: user_id_in(session) for key, session in sessions.items()}
    users = _active_users({user_id for user_id in ids.values() if user_id is not None})
    logins = {}
    for key, session in sessions.items():
        user = users.get(ids[key])
        if user is not None and is_signed_for(session, user):
            mark = session.get(SESSION_MARK)
            logins[key] = Login(
                user.pk,
                user_key(user.pk, user.date_joined),
                key,
                user.password,
                mark if isinstance(mark, int) else None,
            )
    return logins


def _active_users(ids: set[Any]) -> dict[Any, Any]:
    """Return the users by id, whole: which fields a session is signed with is the model's business."""
    if not ids:
        return {}
    model, (sql, columns) = get_user_model(), _users_query()
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        rows = cursor.fetchall()
    users = [model.from_db(connection.alias, columns, row) for row in rows]
    return {user.pk: user for user in users}


@cache
def _users_query() -> tuple[str, list[str]]:
    """Return a SELECT of active users by id, and its columns. Django would take longer to compile it than to ask it."""
    fields = get_user_model()._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields if field.column)
    sql = (
        f"SELECT {columns} FROM {TABLES['user']}"  # noqa: S608 - names of our own table
        f" WHERE is_active AND {TABLES['user_pk']} = ANY(%s)"
    )
    return sql, [field.attname for field in fields]
