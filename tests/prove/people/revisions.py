"""What becomes of notifications that are out: some are withdrawn, some updated, one or two after the other."""

import heapq
import random
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

WITHDRAWN = 0.06
"""Share of notifications that are withdrawn."""

UPDATED = 0.08
"""Share that are updated, half of them twice: then in the order in which they were."""

AFTER = (0.0, 8.0)
"""Seconds after it was accepted, and after the last one, from and to: on some screens it is by then, on others not."""

PAUSE = 0.5
"""Seconds before one that failed is tried again."""

THREADS = 2


class Job(NamedTuple):
    """One revision; `words` of an update."""

    due: float
    token: str
    username: str
    id: str
    words: tuple[str, ...]


class Revisions:
    """Threads that do what is due. Each revision is told before it is tried, and when it is done."""

    def __init__(self, users: dict[str, int], tell: Callable[[dict[str, object]], None]) -> None:
        self._users, self._tell = users, tell
        self._jobs: list[Job] = []
        self._changed = threading.Condition()
        self._ended = False
        self._threads = [threading.Thread(target=self._run) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def consider(self, token: str, username: str, id: str) -> None:
        """Choose what shall become of a notification that was accepted; of most of them nothing."""
        chosen = random.random()
        if chosen < WITHDRAWN:
            self._put(token, username, id, ())
        elif chosen < WITHDRAWN + UPDATED:
            number = 1 + (random.random() < 0.5)
            words = tuple(f"{token}+{at} for {username}" for at in range(1, number + 1))
            self._put(token, username, id, words)

    def end(self) -> None:
        """Finish what is under way; what was not begun is left."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _put(self, token: str, username: str, id: str, words: tuple[str, ...]) -> None:
        with self._changed:
            due = time.monotonic() + random.uniform(*AFTER)
            heapq.heappush(self._jobs, Job(due, token, username, id, words))
            self._changed.notify()

    def _next(self) -> Job | None:
        with self._changed:
            while not self._ended:
                wait = self._jobs[0].due - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)
                self._changed.wait(wait)
            return None

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._do(job)
            if len(job.words) > 1:
                self._put(job.token, job.username, job.id, job.words[1:])

    def _do(self, job: Job) -> None:
        from django.contrib.auth.models import User
        from django.db import Error, connection

        from bellhop.recall import update, withdraw

        fact = {"revised": job.token, "username": job.username}
        if job.words:
            fact["words"] = job.words[0]
        self._tell({**fact, "t": time.time(), "done": False})
        # By its id or by its key: both name it.
        user = User(pk=self._users[job.username], username=job.username)
        by_id = random.random() < 0.5
        # What fails until the end may have been done or not, as what is under way then.
        while not self._ended:
            try:
                key = None if by_id else job.token
                id_ = job.id if by_id else None
                if job.words:
                    update(id_, key=key, recipient=user, message=job.words[0])
                else:
                    withdraw(id_, key=key, recipient=user)
            except Error as error:
                words = str(error).strip().splitlines()[0][:200]
                self._tell({"failed": job.token, "error": words})
                connection.close()
                time.sleep(PAUSE)
            else:
                # Back to the pool, in which there are fewer than threads.
                connection.close()
                self._tell({**fact, "t": time.time(), "done": True})
                return
