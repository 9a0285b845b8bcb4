"""A client of Redis for those who have no event loop: bounded in time, and told where by a URL."""

from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT: Final = 2.0
"""Seconds to connect to Redis, and for one answer."""


def redis_client(url: str, *, timeout: float = TIMEOUT, retries: int = 0) -> Redis:
    """Return a client that raises RedisError or OSError within `timeout` seconds for each try.

    Threads share its connections, and a forked process makes its own.
    """
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), retries),
    )
