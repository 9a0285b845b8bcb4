"""What follows the commit of rows that were saved without a number: they get one, and are rung.

A row that notify() saves inside somebody's transaction holds nobody's inbox until that transaction ends, so it has no
number. It gets one right after the commit, here. Where the process dies in between, the next notify() to the same
recipient, or a socket server's beat, makes up for it.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DatabaseError, transaction

from bellhop.logs import get_logger
from bellhop.models import Notification, write_database
from bellhop.saving.number import AT_ONCE, number
from bellhop.saving.tell import tell

log = get_logger(__name__)


def number_and_tell(rows: Sequence[Notification], changed: Collection[UUID] = ()) -> None:
    """Give committed rows their numbers, in place, and ring. One query. Never raises.

    A row that is gone, since a part of its transaction was rolled back, is passed over. Where the database does not
    take it in time, the rows keep None, and the beat numbers and delivers them. Those whose ids are in `changed` are
    read anew, with a query each.
    """
    try:
        numbers = number([row.pk for row in rows])
        for row in rows:
            if row.pk in changed and row.pk in numbers:
                row.refresh_from_db()
    except DatabaseError as error:
        ids = " ".join(str(row.pk) for row in rows[:AT_ONCE])
        log.warning("number_left_to_beat", ids=ids, error=" ".join(str(error).split()))
        return
    numbered = [row for row in rows if row.pk in numbers]
    for row in numbered:
        row.seq = numbers[row.pk]
    if numbered:
        tell(numbered)


class _Batch:
    """The rows of one transaction that wait for its commit."""

    def __init__(self, transaction_id: str) -> None:
        self.transaction_id = transaction_id
        self.rows: list[Notification] = []
        self.changed: set[UUID] = set()

    def finish(self) -> None:
        """Number what has waited; all of it at the first call."""
        rows, self.rows = self.rows, []
        if rows:
            number_and_tell(rows, self.changed)


_batches: "WeakKeyDictionary[Any, _Batch]" = WeakKeyDictionary()


def number_after_commit(rows: Sequence[Notification], transaction_id: str) -> None:
    """Number rows, and ring, as soon as the transaction that they were saved in is committed: all of its rows at once.

    `transaction_id` is PostgreSQL's: a transaction that was rolled back must not leave its rows to the next one.
    """
    connection = write_database.connection()
    batch = _batches.get(connection)
    if batch is None or batch.transaction_id != transaction_id:
        batch = _batches[connection] = _Batch(transaction_id)
    batch.rows += rows
    # Each time: what registered an earlier call may be rolled back to a savepoint.
    finish: Callable[[], None] = batch.finish
    transaction.on_commit(finish, using=connection.alias, robust=True)


def read_anew(ids: Collection[UUID]) -> None:
    """Have those of the rows that wait for this transaction's commit told with what the database says of them by then.

    For whoever changes rows that may have been saved a moment ago, in the same transaction. No query.
    """
    batch = _batches.get(write_database.connection())
    if batch is not None:
        batch.changed.update(ids)
