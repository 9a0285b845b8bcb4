"""Whose turn it is: one runner at a time does a task, and it waits for nobody's inbox.

Locks are of a transaction, never of a session: behind a PgBouncer the next statement may have another one. A runner
that dies gives its locks back with its transaction.
"""

import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from bellhop.models import user_key, write_database
from bellhop.models.inbox_sql import table, user_table

BATCH: Final = 200
"""Rows in one transaction: as long as it lasts, nobody else changes their recipients' inboxes."""

LOCK: Final = "1s"
"""How long a transaction of ours waits for what cannot be passed over."""

_LOCKS: Final = zlib.crc32(b"bellhop.due") - 2**31


@contextmanager
def turn(task: str) -> Iterator[bool]:
    """Open a transaction in which this runner alone does the task; yields False where another one does it just now."""
    with write_database.atomic():
        with write_database.connection().cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s), set_config('lock_timeout', %s, true)",
                [_LOCKS, zlib.crc32(task.encode()) - 2**31, LOCK],
            )
            (is_ours, _) = cursor.fetchone()
        yield is_ours


def lock_free_inboxes(user_ids: Collection[Any]) -> set[Any]:
    """Lock those of the users' inboxes that nobody holds just now, made on first use; return whose they are.

    Two queries. Needs an open transaction, and holds them until its end. Whose inbox is held, or who is being deleted,
    has their turn later: a transaction of somebody's that stays open for an hour must hold up nobody else.
    """
    users = user_key.to_sql(sorted(user_ids))
    with write_database.connection().cursor() as cursor:
        cursor.execute(_make_sql(), [users])
        cursor.execute(_lock_sql(), [users])
        return {user_key.from_sql(user_id) for (user_id,) in cursor.fetchall()}


@cache
def _make_sql() -> str:
    user, pk = user_table()
    return f"""
    INSERT INTO {table("inbox")} (user_id, last_seq, rev)
    SELECT u.{pk}, 0, 0 FROM {user} AS u
     WHERE u.{pk} = ANY(%s::{user_key.sql_type()}[])
       AND NOT EXISTS (SELECT FROM {table("inbox")} AS inbox WHERE inbox.user_id = u.{pk})
        ON CONFLICT DO NOTHING
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def _lock_sql() -> str:
    # Users as a foreign key would lock them: for the note of what was removed.
    user, pk = user_table()
    return f"""
    SELECT inbox.user_id FROM {table("inbox")} AS inbox JOIN {user} AS u ON u.{pk} = inbox.user_id
     WHERE inbox.user_id = ANY(%s::{user_key.sql_type()}[]) ORDER BY inbox.user_id
       FOR NO KEY UPDATE OF inbox SKIP LOCKED FOR KEY SHARE OF u SKIP LOCKED
"""  # noqa: S608 - the names of tables, our own and the user model's
