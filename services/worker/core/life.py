"""What the worker keeps in Redis about itself: that one lives, and how often it was given a task before."""

from functools import cache
from typing import Any, Final

from django.conf import settings

from bellhop.ring.redis_client import redis_client
from stack import task_names

TRIES: Final = 3
"""Deliveries of one task: a worker that died of it twice more will not survive the next."""

REMEMBERED: Final = 3600
"""Seconds for which deliveries are counted."""


@cache
def client() -> Any:
    """Return this process's client of the broker's Redis; threads share it."""
    return redis_client(settings.BROKER_URL)


def show() -> None:
    """Say that a worker of this installation lives. Raises RedisError or OSError."""
    client().set(
        f"{settings.REDIS_PREFIX}{task_names.WORKER_SIGN}", 1, ex=task_names.WORKER_SIGN_SECONDS
    )


def count_delivery(task_id: str) -> int:
    """Return which delivery of a task this is, given that it is not the first. Raises RedisError or OSError."""
    key = f"{settings.REDIS_PREFIX}delivered.{task_id}"
    with client().pipeline() as pipeline:
        pipeline.incr(key)
        pipeline.expire(key, REMEMBERED)
        again, _ = pipeline.execute()
    return 1 + int(again)
