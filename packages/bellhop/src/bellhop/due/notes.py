"""Notes of when each task was last done (DueWork): for bellhop_check, and so that of many runners one prunes."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from bellhop.models import write_database
from bellhop.models.inbox_sql import table

EVERY: Final = timedelta(seconds=10)
"""Between two notes of one task, however often it is done."""


def note(task: str, now: datetime, *, every: timedelta = EVERY) -> bool:
    """Note that the task is done, or begun, unless that was noted less than `every` ago; return whether it was noted.

    One query. A note from the future is replaced: a clock may have been set back. Raises DatabaseError.
    """
    with write_database.connection().cursor() as cursor:
        cursor.execute(_note_sql(), {"name": task, "now": now, "before": now - every})
        return bool(cursor.rowcount)


@cache
def _note_sql() -> str:
    return f"""
    INSERT INTO {table("duework")} AS known (name, done_at) VALUES (%(name)s, %(now)s)
        ON CONFLICT (name) DO UPDATE SET done_at = %(now)s
     WHERE known.done_at <= %(before)s OR known.done_at > %(now)s
"""  # noqa: S608 - the name of our own table
