"""Prunes, a second at a time, one runner of all: looking through everybody's rows is work, and once an hour is enough.

Who does it says so every RENEW. Where that has not been said for LEASE, whoever asks next takes over: a runner that has
died is replaced, and one that was held up for long stops. Two at once would do no harm.
"""

from datetime import timedelta
from time import monotonic
from typing import Final

from django.utils import timezone

from bellhop.due.notes import note
from bellhop.models import DueWork, write_database
from bellhop.retention import prune

TASK: Final = "prune"
"""Its note: somebody is at it."""

THROUGH: Final = "pruned"
"""Its note: somebody has looked through everybody's rows."""

SECONDS: Final = 1.0
"""Of one turn: expiries and summaries wait no longer."""

RENEW: Final = 10.0
LEASE: Final = 30.0


class Pruning:
    """What one process has to do with it."""

    def __init__(self) -> None:
        self._ours_until = self._next_note = 0.0

    def go_on(self) -> tuple[int, bool]:
        """Prune for SECONDS if it is due and nobody else does; return how many rows went, and whether that was all.

        Every RENEW seconds a query or two; none else where nothing is to be done. Raises DatabaseError.
        """
        if not self._is_ours():
            return 0, True
        done = prune.prune_some(SECONDS)
        is_all = prune.is_through()
        if is_all:
            note(THROUGH, timezone.now(), every=timedelta())
            self._ours_until = 0.0
        return done, is_all

    def _is_ours(self) -> bool:
        now = monotonic()
        if now < self._next_note:
            return now < self._ours_until
        self._next_note = now + RENEW
        was_ours = now < self._ours_until
        if not was_ours and not self._is_due():
            self._ours_until = 0.0
        elif note(TASK, timezone.now(), every=timedelta(seconds=RENEW / 2 if was_ours else LEASE)):
            self._ours_until = now + LEASE
        else:
            self._ours_until = 0.0
        return now < self._ours_until

    @staticmethod
    def _is_due() -> bool:
        """Whether nobody has looked through all rows within the hour. A note from the future is none."""
        now = timezone.now()
        notes = DueWork._default_manager.using(write_database.alias())
        since = now - timedelta(seconds=prune.EVERY)
        return not notes.filter(name=THROUGH, done_at__gt=since, done_at__lte=now).exists()
