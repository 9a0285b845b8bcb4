"""The log of what was sent: a line a notification, or one for all that went out in one turn of the loop.

A line each cost more than the frames it told of: 14 µs here, and some 60 where the container's output is kept.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import batched
from typing import Final, NamedTuple

from bellhop.logs import get_logger
from bellhop.once_per_loop_turn import NextTurn

log = get_logger(__name__)

TOGETHER: Final = 100
"""Notifications that one line holds at most: Docker breaks a line after 16 KiB."""


class Sent(NamedTuple):
    """A notification that has left on one connection, both by their ids."""

    id: str
    user: int
    seq: int
    connection: str


class SentLog:
    """Collects what is sent and writes it down at the loop's next turn."""

    def __init__(self) -> None:
        self._waiting: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
        self._next_turn = NextTurn(self._write)

    def note(self, request_id: str, way: str, sent: Sent) -> None:
        """Log it with the request that caused it and the way it came: ring, beat, catch-up or resume."""
        self._waiting[request_id, way].append(sent)
        self._next_turn.call(asyncio.get_running_loop())

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, defaultdict(list)
        for (request_id, way), those in waiting.items():
            for some in batched(those, TOGETHER):
                _write_some(request_id, way, some)


def _write_some(request_id: str, way: str, those: Sequence[Sent]) -> None:
    if len(those) == 1:
        (one,) = those
        log.info(
            "notification_sent",
            request_id=request_id,
            id=one.id,
            user=one.user,
            seq=one.seq,
            way=way,
            connection=one.connection,
        )
        return
    # Each id can be found, and has its connection in the same place.
    log.info(
        "notifications_sent",
        request_id=request_id,
        count=len(those),
        way=way,
        ids=" ".join(one.id for one in those),
        connections=" ".join(one.connection for one in those),
    )


note: Final = SentLog().note
