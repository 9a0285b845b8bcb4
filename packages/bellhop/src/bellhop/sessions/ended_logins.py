"""Which of many logins have ended since they were read, and the SQL by which one statement can tell."""

from collections.abc import Mapping, Sequence
from functools import cache

from bellhop.sessions import stores, users
from bellhop.sessions.cookie_to_user import Login, read_logins

AT_ONCE = 1000
"""Logins that are read at a time where no statement of ours can tell."""


@cache
def sql_can_tell() -> bool:
    """Return whether a statement about session rows and users can tell which logins have ended."""
    return stores.are_beside_notifications() and users.is_plain()


@cache
def names() -> Mapping[str, str]:
    """Return for such a statement: `session`, the table; `is_active`, a condition on the user's row `u`."""
    table = stores.session_table()
    return {
        "session": table.name if table else "",
        "is_active": "u.is_active" if users.has_column("is_active") else "true",
    }


def read_again(logins: Sequence[Login]) -> list[Login | None]:
    """Return each login as it is now; None where it has ended, or its session is somebody else's by now.

    Two queries for each AT_ONCE of them. Blocks; raises DatabaseError.
    """
    again: list[Login | None] = []
    for start in range(0, len(logins), AT_ONCE):
        some = logins[start : start + AT_ONCE]
        found = read_logins([login.session_key for login in some])
        again += [_same(login, found.get(login.session_key)) for login in some]
    return again


def _same(login: Login, found: Login | None) -> Login | None:
    return found if found is not None and found.user_id == login.user_id else None
