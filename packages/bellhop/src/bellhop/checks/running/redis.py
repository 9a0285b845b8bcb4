"""Tries Redis: that it answers, that what is published on this installation's prefix is heard, and who else listens."""

import re
from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from bellhop.checks.running.findings import Finding, missing, note, ok, words
from bellhop.conf import conf, prefix
from bellhop.ring.redis_client import redis_client

HEARD_WITHIN: Final = 2.0
"""Seconds for a message to come back."""


def try_redis() -> Iterator[Finding]:
    """Yield how Redis is. Raises RedisError or OSError where it does not answer as it should."""
    if not conf.REDIS_URL:
        # The settings' part says what to write.
        yield note("Redis: none; the beat alone delivers")
        return
    where = without_password(conf.REDIS_URL)
    with closing(redis_client(conf.REDIS_URL)) as redis:
        try:
            redis.ping()
        except Exception as error:
            yield missing(
                f'Redis at {where}: {words(error)}. Start it, or correct BELLHOP["REDIS_URL"]'
            )
            return
        yield ok(f"Redis at {where}: it answers")
        took = _round_trip(redis)
        if took is None:
            yield missing(
                f"Redis: what is published on {prefix()!r} is not heard. Are channels of that prefix among"
                " this user's rights (ACL SETUSER … &prefix*)?"
            )
            return
        yield ok(f"Redis: published and heard within {took * 1000:.0f} ms on {prefix()!r}")


def count_listening() -> int:
    """Return how many processes of this installation listen. Raises RedisError or OSError."""
    with closing(redis_client(conf.REDIS_URL)) as redis:
        # Each has a channel of its own, by which it notices that it is deaf.
        return len(redis.pubsub_channels(f"{_literally(prefix())}canary.*"))


def _round_trip(redis: Any) -> float | None:
    """Return the seconds that a message took from this process to itself, or None where it did not come."""
    channel = f"{prefix()}check.{uuid4().hex}"
    with closing(redis.pubsub()) as heard:
        heard.subscribe(channel)
        began = monotonic()
        while (left := began + HEARD_WITHIN - monotonic()) > 0:
            message = heard.get_message(timeout=left)
            if message is None:
                continue
            if message["type"] == "subscribe":
                began = monotonic()
                redis.publish(channel, b"bellhop_check")
            elif message["type"] == "message":
                return monotonic() - began
    return None


def _literally(text: str) -> str:
    """Return a Redis pattern that matches this text alone."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", text)


def without_password(url: str) -> str:
    """Return the URL of a Redis as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
