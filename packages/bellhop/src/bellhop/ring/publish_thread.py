"""Rings after the commit and off the caller's way: published on a thread of its own (bellhop.ring.ways).

A ring only makes a notification arrive sooner; the row is committed already and the beat delivers it
without any ring. So a ring may be dropped, never waited for: a publish takes seconds against a Redis that hangs.

What waits together is rung together: a task costs a worker ten times what is done in it.
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

from bellhop import contract
from bellhop.conf import conf
from bellhop.logs import get_logger
from bellhop.models import Notification
from bellhop.outage import Outage
from bellhop.ring.ways import send, way

log = get_logger(__name__)

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
        """Queue a ring, named as its Celery task is; return whether there was room. Never raises."""
        self._start()
        try:
            self._rings.put_nowait((contextvars.copy_context(), task, args))
        except queue.Full:
            return False
        return True

    def ring_saved(self, rows: Sequence[Notification]) -> bool:
        """Queue rings for saved notifications, many in one; return whether there was room.

        A row of a kind with a task of its own (conf.KIND_TASKS) is rung alone. A task gets ids: it reads the rows anew.
        """
        chosen = way()
        if chosen == "off":
            return True
        had_room = True
        given: list[object] = []
        for row in rows:
            if chosen == "direct":
                given.append(row)
            elif task := conf.KIND_TASKS.get(row.kind):
                had_room &= self.ring(task, str(row.pk))
            else:
                given.append(str(row.pk))
        if len(given) == 1:
            return self.ring(contract.RING, given[0]) and had_room
        for some in batched(given, TOGETHER):
            had_room &= self.ring(contract.RING_MANY, list(some))
        return had_room

    def ring_changes(self, user_id: object, rev: int) -> bool:
        """Queue a ring for a user whose inbox's rev has risen; return whether there was room."""
        chosen = way()
        args = (plain_key(user_id),) if chosen == "celery" else (user_id, rev)
        return chosen == "off" or self.ring(contract.RING_CHANGES, *args)

    def check_logins(self, user_id: object) -> bool:
        """Queue a ring for a user whose login sessions may have ended; return whether there was room."""
        return way() == "off" or self.ring(contract.CHECK_LOGINS, plain_key(user_id))

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


def plain_key(user_id: object) -> int | str:
    """Return a user's primary key as JSON has it."""
    return user_id if isinstance(user_id, int) else str(user_id)


_doorbell = Doorbell(send)
# Of its own: whoever is signed out must not wait behind the rings of a broadcast.
_kicks = Doorbell(send)

ring = _doorbell.ring
ring_saved = _doorbell.ring_saved
ring_changes = _doorbell.ring_changes
kick = _kicks.check_logins


def flush() -> bool:
    """Wait until everything queued was sent or given up; return whether it was."""
    return _kicks.flush() and _doorbell.flush()


atexit.register(flush)
