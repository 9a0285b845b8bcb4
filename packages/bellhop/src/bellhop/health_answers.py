"""What /healthz and /readyz say to whoever asks, and what only the log says.

Alive (`/healthz`): this service can do its own part. Ready (`/readyz`): everything that makes notifications arrive at
once is there. Strangers may ask both, so the answers name parts and no reasons.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from bellhop.logs import get_logger

log = get_logger(__name__)

HEALTHY: Final[dict[str, object]] = {"status": "ok"}
UNHEALTHY: Final[dict[str, object]] = {"status": "unhealthy"}
HEADERS: Final = {"Cache-Control": "no-store"}


def readiness(parts: list[str]) -> tuple[int, dict[str, object]]:
    """Return status and body of /readyz, given the names of the parts that are not there."""
    return (503, {"status": "unready", "parts": parts}) if parts else (200, {"status": "ready"})


class ChangeLog:
    """Says in the log what an answer keeps to itself: once when something is wrong, or something else, and once when it
    is well again. Any thread may call it.
    """

    def __init__(self, bad: str, good: str) -> None:
        self._bad, self._good = bad, good
        self._lock = threading.Lock()
        self._reason = ""

    def note(self, reason: str, kind: str | None = None) -> None:
        """Note the reason of now, empty for none. Only another `kind` of it (by default the reason) is a change."""
        kind = reason if kind is None else kind
        with self._lock:
            changed, self._reason = kind != self._reason, kind
        if changed and reason:
            log.warning(self._bad, reason=reason)
        elif changed:
            log.info(self._good)


class Recent[T]:
    """An answer that is worked out once for all who ask within `seconds`, however many they are.

    Who comes while it is worked out gets the last one, if that is not older than `stale` seconds, and else waits.
    """

    def __init__(self, work: Callable[[], T], *, seconds: float = 1.0, stale: float = 5.0) -> None:
        self._work = work
        self._seconds = seconds
        self._stale = stale
        self._working = threading.Lock()
        self._known: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the answer; raise what working it out raises."""
        if (known := self._within(self._seconds)) is not None:
            return known[1]
        if not self._working.acquire(blocking=False):
            if (known := self._within(self._stale)) is not None:
                return known[1]
            self._working.acquire()
        try:
            # Whoever was waited for may have found it.
            if (known := self._within(self._seconds)) is None:
                known = (time.monotonic(), self._work())
                self._known = known
            return known[1]
        finally:
            self._working.release()

    def forget(self) -> None:
        """Work it out anew at the next call."""
        self._known = None

    def _within(self, seconds: float) -> tuple[float, T] | None:
        known = self._known
        return known if known is not None and time.monotonic() - known[0] < seconds else None
