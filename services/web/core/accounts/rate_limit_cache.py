"""The cache behind allauth's throttles: Redis, and for 30 s after it was lost a local one.

A login makes some twenty cache calls. It must wait on a dead or hung Redis for none of them, and "swallow the
error" would not do: `add()` answering False reads as "too many attempts".
"""

import json
import re
import time
from contextlib import closing
from itertools import batched
from typing import Any, Final

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import DataError, RedisError, ResponseError
from redis.retry import Retry

from bellhop.outage import Outage
from bellhop.ring.redis_client import redis_client

log = structlog.get_logger(__name__)

TIMEOUT: Final = 0.2
"""Seconds for one call to Redis."""

LOCAL_FOR: Final = 30.0
"""Seconds on the local cache after Redis was lost. Each process then counts for itself."""

LOCKED_FOR: Final = 1
"""Seconds that a lock lives in Redis at most: as long as allauth waits for it before it answers "too many attempts".

It asks for 10. But a lock whose answer came too late, or whose deletion did, is nobody's: this process counts locally
by then, and the others would refuse whoever comes from that address. Its owner needs two calls, of TIMEOUT each.
"""

_ABOUT_THE_VALUE: Final = re.compile(
    r"WRONGTYPE|.*(not an integer|overflow|not a valid float|invalid expire)"
)
"""What Redis says of a value or an argument, not of itself."""


class UnreadableError(Exception):
    """Somebody else has written there what is no JSON."""


class JSONSerializer:
    """Instead of pickle, with which whoever writes to Redis runs code here."""

    def dumps(self, value: Any) -> Any:
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        # A number of thousands of digits is a plain ValueError, thousands of brackets are a RecursionError.
        except (ValueError, RecursionError) as error:
            raise UnreadableError(str(error)) from None


def _is_loss(error: Exception) -> bool:
    """Whether this says that Redis is away, or takes nothing (full, read-only), rather than that it minds a value."""
    is_refusal = isinstance(error, ResponseError) and _ABOUT_THE_VALUE.match(str(error))
    return not is_refusal and not isinstance(error, DataError)


class _SharedRedis(RedisCache):
    """Django's, on a Redis where others may keep something at the same database number."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(location, params)
        self._location = location

    def clear(self) -> None:
        """Delete what has this cache's KEY_PREFIX. Django's own would be FLUSHDB."""
        with closing(redis_client(self._location, timeout=TIMEOUT)) as redis:
            found = redis.scan_iter(match=f"{self.key_prefix}:*", count=1000)
            for keys in batched(found, 1000):
                redis.delete(*keys)


class ThrottleCache(BaseCache):
    """A Django cache backend; LOCATION is the Redis URL, KEY_PREFIX begins every key there."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "serializer": JSONSerializer,
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
        }
        self._redis = _SharedRedis(location, {**params, "OPTIONS": options})
        self._local = LocMemCache("throttles", params)
        self._outage = Outage(
            "throttle_cache_lost", "throttle_cache_back", note="counting locally", pause=LOCAL_FOR
        )

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if not self._outage.is_pausing:
            asked_at = time.monotonic()
            try:
                result = getattr(self._redis, method)(*args, **kwargs)
            except (RedisError, OSError) as error:
                if not _is_loss(error):
                    raise ValueError(str(error)) from error
                self._outage.failed(error, asked_at)
            else:
                self._outage.worked(asked_at)
                return result
        return getattr(self._local, method)(*args, **kwargs)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        if str(key).endswith(":lock"):
            timeout = LOCKED_FOR
        return self._call("add", key, value, timeout=timeout, version=version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        try:
            return self._call("get", key, default, version=version)
        except UnreadableError as error:
            # As if it were not there: whoever asks puts something of theirs in its place.
            log.warning("throttle_unreadable", error=str(error))
            return default

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("incr", *args, **kwargs)

    def clear(self) -> Any:
        return self._call("clear")
