"""Deletes what is kept no longer: by age, and by number for each person (bellhop.retention.rules).

Pruned rows are deleted as all are: open pages drop them. Batches are small, and each has a transaction of its own.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db import OperationalError
from django.utils import timezone
from psycopg.errors import LockNotAvailable, QueryCanceled

from bellhop.logs import get_logger
from bellhop.retention import expired_sessions, rules
from bellhop.retention.batches import AT_ONCE, delete_batch
from bellhop.retention.find import AHEAD, count_of, next_people, rows_of
from bellhop.retention.rules import Rule

log = get_logger(__name__)

EVERY: Final = 3600.0
"""Seconds between two looks through everybody's rows by one process."""

Progress = Callable[[Counter[str]], object]
"""Is given how many there were so far, by kind: after each batch, and where nothing is found now and then, too."""


def prune(
    chosen: Sequence[Rule],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Counter[str]:
    """Delete what these rules let go of, `at_once` rows in a transaction; return how many, by kind.

    With `dry_run` it only counts. A repeat goes on where one broke off. Memory does not grow with the table. Raises
    ValueError for a batch of less than one row or more than AT_ONCE, and DatabaseError.
    """
    if not 1 <= at_once <= AT_ONCE:
        raise ValueError(f"batches of 1 to {AT_ONCE} rows, not {at_once}")
    done, now, after = Counter[str](), timezone.now(), None
    while chosen and (people := next_people(after)):
        steps = (
            [count_of(people, chosen, now)] if dry_run else _delete(people, chosen, now, at_once)
        )
        for counts in steps:
            done.update(counts)
            if progress is not None:
                progress(done)
        after = people[-1]
    return done


def prune_some(seconds: float) -> int:
    """Delete what is kept no longer, expired sessions too, for about so many seconds; return how many rows.

    For whoever does it beside other work: each call goes on where the last one stopped. Once everybody's rows have been
    looked through, calls return at once, without a query, until EVERY seconds later: no index knows which rows are old,
    and what is due is kept an hour longer at most. Each process counts for itself. Where an inbox is held for longer
    than the connection waits, its portion of people is left to the next time. Raises DatabaseError.
    """
    return _sweep.run(seconds)


def is_through() -> bool:
    """Return whether this process has looked through everybody's rows less than EVERY seconds ago. No query."""
    return _sweep.is_through


class Sweep:
    """One process's way through everybody's rows, in steps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: Iterator[int] | None = None
        self._after: Any = None
        self._due = 0.0

    @property
    def is_through(self) -> bool:
        """See is_through()."""
        return time.monotonic() < self._due

    def run(self, seconds: float) -> int:
        """See prune_some()."""
        until, done = time.monotonic() + seconds, 0
        if self.is_through or not self._lock.acquire(blocking=False):
            return 0
        try:
            steps = self._steps = self._steps or self._go()
            for deleted in steps:
                done += deleted
                if time.monotonic() >= until:
                    return done
            self._steps, self._after, self._due = None, None, time.monotonic() + EVERY
        except BaseException:
            # Begun anew from the last people who were done.
            self._steps = None
            raise
        finally:
            self._lock.release()
            if done:
                log.info("pruned", count=done)
        return done

    def _go(self) -> Iterator[int]:
        chosen, now = rules.declared(), timezone.now()
        while chosen and (people := next_people(self._after)):
            try:
                for counts in _delete(people, chosen, now, AT_ONCE):
                    yield counts.total()
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable | QueryCanceled):
                    raise
                # Somebody holds an inbox: the others' turn comes, and theirs in an hour.
                log.warning("prune_left", error=" ".join(str(error).split()))
            self._after = people[-1]
        yield from expired_sessions.clear()


_sweep: Final = Sweep()


def _delete(
    people: list[Any], chosen: Sequence[Rule], now: datetime, at_once: int
) -> Iterator[Counter[str]]:
    """Delete what goes of these people's; yield after each batch how many, by kind; of none, too.

    A row that somebody else deletes at the same moment may be counted by both.
    """
    while True:
        found = rows_of(people, chosen, now)
        for some in batched(found, at_once):
            delete_batch([id_ for id_, _ in some])
            yield Counter(kind for _, kind in some)
        if len(found) < AHEAD:
            yield Counter()
            return
