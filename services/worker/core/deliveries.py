"""Tasks that come again and again, and tasks that come too late: dropped, and told once.

A task is acknowledged when it is done, so one that kills its worker comes back to the next worker, for ever.
"""

import threading
import time
from typing import Any, Final

import structlog
from celery import Task
from celery.signals import task_revoked
from redis.exceptions import RedisError

from core import life

log = structlog.get_logger(__name__)

QUIET: Final = 10.0
"""Seconds between two lines about tasks that have expired: after a night without a worker there are thousands."""


class CountedTask(Task):  # type: ignore[type-arg]
    """A Celery task that is given up at its fourth delivery. The first one, nearly every one, costs nothing."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        request = self.request
        if (request.delivery_info or {}).get("redelivered") and self._is_hopeless(str(request.id)):
            return None
        return self.run(*args, **kwargs)

    def _is_hopeless(self, task_id: str) -> bool:
        try:
            delivery = life.count_delivery(task_id)
        except (RedisError, OSError):
            # Who cannot count tries.
            return False
        if delivery <= life.TRIES:
            return False
        log.error(
            "task_given_up",
            task=self.name,
            id=task_id,
            deliveries=life.TRIES,
            note="each time its worker was gone before it was done; the beat delivers",
        )
        return True


class ExpiryLog:
    """Counts tasks that have expired, and says so at most every QUIET seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._said_at = -QUIET

    def note(self, count: int = 1) -> None:
        """Count some more."""
        with self._lock:
            self._count += count
            now = time.monotonic()
            if not self._count or now - self._said_at < QUIET:
                return
            count, self._count, self._said_at = self._count, 0, now
        log.warning("rings_expired", count=count, note="the beat has delivered them")


expiry_log: Final = ExpiryLog()


@task_revoked.connect
def note_expiry(expired: bool = False, **_: Any) -> None:
    """Take Celery's word that a task came too late."""
    if expired:
        expiry_log.note()
