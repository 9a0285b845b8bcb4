"""Names for SQL that is asked too often to be compiled by Django each time."""

from collections.abc import Mapping
from functools import cache

from bellhop.models import user_key
from bellhop.models.inbox_sql import table, user_table


@cache
def names() -> Mapping[str, str]:
    """Return the tables of inboxes, notifications, removals and users, the users' primary key, and its type."""
    user, user_pk = user_table()
    return {
        **{model: table(model) for model in ("inbox", "notification", "removal")},
        "user": user,
        "user_pk": user_pk,
        "key": user_key.sql_type(),
    }
