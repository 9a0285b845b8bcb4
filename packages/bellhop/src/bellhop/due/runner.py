"""One run: everything that is due, a batch at a time.

It may be run by as many processes as there are, and any of them may die at any moment: each batch is a transaction of
its own, under a lock that one runner has at a time.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final, Protocol

from django.utils import timezone

from bellhop.due import expire, sum_up
from bellhop.due.batch import Batch
from bellhop.due.notes import EVERY, note
from bellhop.due.pruning import Pruning
from bellhop.logs import get_logger
from bellhop.models import write_database
from bellhop.models.inbox_sql import table

log = get_logger(__name__)

SECONDS: Final = 10.0
"""How long one task goes on in one run, so that the others have their turn."""

HELD: Final = 10_000
"""People that one run passes over, since somebody holds their inbox: with more of them the task is left to the next."""


class _Some(Protocol):
    def __call__(self, now: datetime, held: Collection[Any] = (), /) -> Batch: ...


@dataclass(frozen=True)
class Done:
    """What a run has done: how many have expired, were told of by summaries, and were pruned.

    `is_all`: nothing is left that this run could do; False where its time was over, or it was to stop. `is_pruned`: the
    same of what is kept no longer, which is looked for a second at a time.
    """

    expired: int = 0
    summed_up: int = 0
    pruned: int = 0
    is_all: bool = True
    is_pruned: bool = True


class Runner:
    """Runs of one process: it knows when it has last noted what."""

    def __init__(self, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self._is_stopping = is_stopping
        self._noted: dict[str, float] = {}
        self._pruning = Pruning()

    def run_once(self, *, seconds: float = SECONDS) -> Done:
        """Do what is due, in batches, for `seconds` a task at most; return what was done.

        One query where nothing is due, and now and then a note of each task. What is kept no longer is looked for by
        one runner at a time, once an hour. Whether it is to stop is asked after each batch. What another runner does
        just now is left to it. Raises DatabaseError; what was done until then stays.
        """
        due = _due(timezone.now())
        expired, all_expired = self._do(expire.TASK, expire.expire_some, due, seconds)
        summed_up, all_summed_up = self._do(sum_up.TASK, sum_up.sum_up_some, due, seconds)
        pruned, is_pruned = (0, False) if self._is_stopping() else self._pruning.go_on()
        return Done(expired, summed_up, pruned, all_expired and all_summed_up, is_pruned)

    def _do(self, task: str, some: _Some, due: Collection[str], seconds: float) -> tuple[int, bool]:
        """Return how many things of a task were done, and whether that was all."""
        if task not in due:
            self._note(task)
            return 0, True
        began, total, held, batch = monotonic(), 0, set[Any](), Batch(0, is_last=False)
        while not batch.is_last and len(held) <= HELD:
            if self._is_stopping() or monotonic() - began > seconds:
                break
            batch = some(timezone.now(), held)
            total += batch.done
            held |= batch.held
            if batch.is_ours:
                self._note(task)
        if total:
            ms = round((monotonic() - began) * 1000)
            log.info("due_done", task=task, count=total, held=len(held), ms=ms)
        return total, batch.is_last

    def _note(self, task: str) -> None:
        """Note that a task is looked after; a query every ten seconds."""
        now = monotonic()
        if now - self._noted.get(task, -EVERY.total_seconds()) >= EVERY.total_seconds():
            note(task, timezone.now())
            self._noted[task] = now


def run_once() -> Done:
    """Do what is due, once, as Runner.run_once() does."""
    return Runner().run_once()


def _due(now: datetime) -> Collection[str]:
    """Return the tasks that have something to do. One query, of two indexes that are nearly empty."""
    with write_database.connection().cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (SELECT FROM {table("notification")} WHERE expires_at <= %s),
                   EXISTS (SELECT FROM {table("notification")}
                            WHERE in_storm AND summary IS NULL AND seq IS NOT NULL)
            """,  # noqa: S608 - the name of our own table
            [now],
        )
        answers = zip((expire.TASK, sum_up.TASK), cursor.fetchone(), strict=True)
        return {task for task, is_due in answers if is_due}
