"""What waited in the queues for so long that nobody wants it any more.

Celery drops what has expired one by one, some 700 a second: a night's rings would keep the next waiting for minutes.
"""

from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from core import life
from stack import task_names

AT_ONCE: Final = 200
"""Rings dropped in one call, so that Redis does nothing else for two milliseconds at most."""

# Atomic, since other workers take from the same end: what is oldest goes, as long as it has expired. Celery writes
# the time in UTC, by ISO 8601, which sorts as text.
_DROP: Final = """
local dropped = 0
while dropped < tonumber(ARGV[2]) do
    local oldest = redis.call('LINDEX', KEYS[1], -1)
    if not oldest then break end
    local read, message = pcall(cjson.decode, oldest)
    local expires = read and type(message) == 'table' and type(message.headers) == 'table' and message.headers.expires
    if type(expires) ~= 'string' or expires >= ARGV[1] then break end
    redis.call('RPOP', KEYS[1])
    dropped = dropped + 1
end
return dropped
"""


def drop_expired() -> int:
    """Take what has expired off the old end of the queues; return how much it was. Raises RedisError or OSError."""
    drop: Any = life.client().register_script(_DROP)
    now, total = datetime.now(UTC).isoformat(), 0
    for queue in (task_names.KICK_QUEUE, task_names.RING_QUEUE):
        dropped = AT_ONCE
        while dropped == AT_ONCE:
            dropped = int(drop(keys=[f"{settings.REDIS_PREFIX}{queue}"], args=[now, AT_ONCE]))
            total += dropped
    return total
