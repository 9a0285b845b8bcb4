"""So many calls of notify() a second, whatever each takes, and how long that was."""

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from django.contrib.auth import get_user_model

from bellhop.notify import notify

THREADS = 16


class Notifying:
    """Notifies random people until it is told to stop; `seconds` has the time of each call since it was due."""

    def __init__(self, rate: float) -> None:
        self.seconds: list[float] = []
        self.errors: list[str] = []
        self._rate = rate
        self._stopping = Event()
        self._people = list(get_user_model().objects.all())
        # Each keeps its connection, as the threads of a service do.
        self._threads = ThreadPoolExecutor(THREADS)
        self._loop: Future[None] | None = None

    def __enter__(self) -> "Notifying":
        self._loop = ThreadPoolExecutor(1).submit(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._loop is not None:
            self._loop.result()
        self._threads.shutdown()

    def take(self) -> list[float]:
        """Return the times so far, in ascending order, and begin anew."""
        seconds, self.seconds = self.seconds, []
        return sorted(seconds)

    def _run(self) -> None:
        began = time.monotonic()
        for at in range(10**9):
            due = began + at / self._rate
            if self._stopping.wait(max(0.0, due - time.monotonic())):
                return
            self._threads.submit(self._one, due)

    def _one(self, due: float) -> None:
        try:
            notify(random.choice(self._people), "news", kind="bench")
            self.seconds.append(time.monotonic() - due)
        except Exception as error:
            self.errors.append(repr(error))


def percentile(seconds: list[float], percent: float) -> float:
    """Return that percentile of times in ascending order, in milliseconds."""
    return 1000 * seconds[min(len(seconds) - 1, int(len(seconds) * percent / 100))]
