"""Something that this process depends on and can do without for a while: lost once, back once, tried after a pause.

PostgreSQL, the broker, the subscription to Redis, the cache of rate limits: each of them may be away for hours, and
whoever reads the log at night shall find one line when it goes and one when it is back.
"""

import threading
import time
from typing import Any, Final

from bellhop.logs import get_logger

log = get_logger(__name__)


class Outage:
    """Whether one dependency is away, as far as this process knows. Any thread may call it; nothing here waits.

    `lost` and `back` are the events that are logged, the first with `note`. `pause`: seconds after a failure in which
    nobody needs to try.

    Evidence counts by when it was asked for, in seconds of `time.monotonic()`: an old attempt that fails late says
    nothing about now. Without `asked_at` it is of now.
    """

    def __init__(self, lost: str, back: str, *, note: str = "", pause: float = 0.0) -> None:
        self._events: Final = (lost, back)
        self._note: Final = {"note": note} if note else {}
        self._pause: Final = pause
        self._lock: Final = threading.Lock()
        self._asked_at = 0.0
        self._retry_at = 0.0
        self.is_lost = False
        self.reason = ""

    @property
    def is_pausing(self) -> bool:
        """Whether it failed less than `pause` seconds ago."""
        return self.is_lost and time.monotonic() < self._retry_at

    def may_try(self) -> bool:
        """Return whether the caller may try: everybody, and while it is lost one caller for each pause."""
        if not self.is_lost:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._pause
            return True

    def worked(self, asked_at: float | None = None, **fields: Any) -> None:
        """Note that it has answered; log `back`, with the fields, where it was lost."""
        with self._lock:
            if not self._is_news(asked_at) or not self.is_lost:
                return
            self.is_lost = False
        log.info(self._events[1], **fields)

    def failed(self, error: object, asked_at: float | None = None, *, exc_info: Any = None) -> None:
        """Note that it could not be reached, or said nothing; log `lost` with the reason where it was there.

        `exc_info`: an exception whose traceback is logged, too, since nobody expects it.
        """
        with self._lock:
            if not self._is_news(asked_at):
                return
            self._retry_at = time.monotonic() + self._pause
            self.reason = " ".join(str(error).split())
            if self.is_lost:
                return
            self.is_lost = True
        more = {"exc_info": exc_info} if exc_info is not None else {}
        log.warning(self._events[0], error=self.reason, **self._note, **more)

    def _is_news(self, asked_at: float | None) -> bool:
        asked_at = time.monotonic() if asked_at is None else asked_at
        if asked_at < self._asked_at:
            return False
        self._asked_at = asked_at
        return True
