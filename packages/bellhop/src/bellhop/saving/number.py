"""Numbers for rows that were committed without one: their recipient's next seqs, in the order in which they were made.

The work is done by a function of the database (migrations/0003), which a role without the right to write may call.
"""

import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.db import IntegrityError, OperationalError

from bellhop.models import Notification, write_database
from bellhop.saving.savepoint import shielded

ATTEMPTS: Final = 3
"""Times that the function is called: a row that was saved past notify(), or a user who was deleted, while it ran is
seen by the next one."""

AT_ONCE: Final = 200
"""Rows that one call of the beat numbers at most."""

WAITING: Final = 2.0
"""Seconds that a beat spends on rows of which one is held up: less than a beat."""


def number(ids: Sequence[UUID]) -> dict[UUID, int]:
    """Give the committed rows of these ids a number where they have none; return the seq of each that is stored.

    All other committed rows of the same recipients that have none get theirs, too: they were made before. One query.
    It waits for transactions that hold one of the inboxes. Raises DatabaseError.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with shielded(), write_database.connection().cursor() as cursor:
                cursor.execute("SELECT notification, number FROM bellhop_number(%s)", [list(ids)])
                return dict(cursor.fetchall())
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def number_left_behind() -> int:
    """Number what a process that died has left without; return how much it was. One query, two where there is some.

    Where somebody holds one of the inboxes, each row is tried alone, for WAITING seconds in all: nobody else's waits
    for that one. Raises DatabaseError where the database does not take any.
    """
    with write_database.connection().cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {Notification._meta.db_table} WHERE seq IS NULL LIMIT {AT_ONCE}"  # noqa: S608
        )
        ids = [id_ for (id_,) in cursor.fetchall()]
    if not ids:
        return 0
    try:
        return len(number(ids))
    except OperationalError:
        if len(ids) == 1:
            raise
    until, done = time.monotonic() + WAITING, 0
    # In another order each time: who is held up must not hold up the same ones again and again.
    for id_ in random.sample(ids, len(ids)):
        if time.monotonic() > until:
            break
        with suppress(OperationalError):
            done += len(number([id_]))
    return done
