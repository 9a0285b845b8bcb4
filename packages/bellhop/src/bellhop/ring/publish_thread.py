"""Rings after the commit and off the caller's way: a Celery publish on a thread of its own.

A ring only makes a notification arrive sooner; the row is committed already and the beat delivers it
without any ring. So a ring may be dropped, never waited for: a publish takes 0.4 s against a
Redis that refuses and 2.4 s against one that hangs, with the short timeouts of stack.celery_app.

What waits together is rung together: a task costs the worker ten times what is done in it.
"""

import atexit
import contextvars
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Final

import structlog

from bellhop import contract
from bellhop.outage import Outage

log = structlog.get_logger(__name__)

CAPACITY: Final = 1000
"""Rings waiting at most; more are dropped, and the beat brings those notifications."""

PAUSE: Final = 5.0
"""Seconds without a publish after one failed, so that a dead broker costs one time-out, not one a login."""

FLUSH: Final = 3.0
"""Seconds a process that ends (`manage.py notify`) waits for its rings."""

TOGETHER: Final = 200
"""Notifications in one task at most, of a broadcast too: the other workers must find something to do as well."""

JOINED: Final = {contract.RING: contract.RING_MANY}
"""Tasks of one notification each, and what rings for many: the row knows which request caused it."""

Send = Callable[[str, tuple[object, ...]], object]
_Ring = tuple[contextvars.Context, str, tuple[object, ...]]


class Doorbell:
    """A bounded queue of rings and the thread that sends them."""

    def __init__(self, send: Send, *, capacity: int = CAPACITY, pause: float = PAUSE) -> None:
        self._send = send
        self._pause = pause
        self._capacity = capacity
        self._begin()
        # A thread does not survive fork(), and the queue it waited in would take the child's first ring.
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._rings: queue.Queue[_Ring] = queue.Queue(self._capacity)
        self._start_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._outage = Outage(
            "doorbell_lost", "doorbell_back", note="the beat delivers meanwhile", pause=self._pause
        )

    def ring(self, task: str, *args: object) -> bool:
        """Queue a ring of the Celery task of that name; return whether there was room. Never raises."""
        self._start()
        try:
            self._rings.put_nowait((contextvars.copy_context(), task, args))
        except queue.Full:
            return False
        return True

    def ring_many(self, notification_ids: Sequence[str]) -> bool:
        """Queue rings for saved notifications, as many to a task as it may have; return whether there was room."""
        had_room = True
        for some in batched(notification_ids, TOGETHER):
            had_room &= self.ring(contract.RING_MANY, list(some))
        return had_room

    def flush(self, timeout: float = FLUSH) -> bool:
        """Wait at most `timeout` seconds until every queued ring was sent or given up."""
        deadline = time.monotonic() + timeout
        with self._rings.all_tasks_done:
            while self._rings.unfinished_tasks:
                if not self._rings.all_tasks_done.wait(max(0.0, deadline - time.monotonic())):
                    return False
        return True

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._start_lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        following: _Ring | None = None
        while True:
            rings, following = self._gather(following or self._rings.get())
            try:
                self._send_together(rings)
            except Exception:
                # Whatever it was, the next ring may do better.
                log.exception("ring_failed", task=rings[0][1])
            finally:
                for _ in rings:
                    self._rings.task_done()

    def _send_together(self, rings: list[_Ring]) -> None:
        context, task, args = rings[0]
        if len(rings) > 1:
            task, args = JOINED[task], ([ids[0] for _, _, ids in rings],)
        context.run(self._publish, task, args)

    def _gather(self, ring: _Ring) -> tuple[list[_Ring], _Ring | None]:
        """Return a ring with those behind it that can be rung in one task, and the first that cannot."""
        together = [ring]
        while ring[1] in JOINED and len(together) < TOGETHER:
            try:
                other = self._rings.get_nowait()
            except queue.Empty:
                break
            if other[1] != ring[1]:
                return together, other
            together.append(other)
        return together, None

    def _publish(self, task: str, args: tuple[object, ...]) -> None:
        if not self._outage.may_try():
            return
        try:
            self._send(task, args)
        except Exception as error:
            self._outage.failed(error)
        else:
            self._outage.worked()


def _delay(task: str, args: tuple[object, ...]) -> None:
    # Imported here, so that the socket service, which reads this package's models, needs no Celery.
    from celery import current_app

    current_app.signature(task, options={"expires": contract.RING_EXPIRES}).delay(*args)


_doorbell = Doorbell(_delay)
# Of its own: whoever is signed out must not wait behind the rings of a broadcast.
_kicks = Doorbell(_delay)

ring = _doorbell.ring
ring_many = _doorbell.ring_many
kick = _kicks.ring


def flush() -> bool:
    """Wait until everything queued was sent or given up; return whether it was."""
    return _kicks.flush() and _doorbell.flush()


atexit.register(flush)
