"""`python healthcheck.py`: exit 0 when this worker can take and run a task, else 1 with the reason."""

import sys
import time
from pathlib import Path
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from bellhop import environment

# Touched by core/heartbeat.py, every so many seconds, while the worker is connected to its broker.
FILE: Final = Path(environment.text("HEARTBEAT_FILE", "/tmp/bellhop-worker-heartbeat"))  # noqa: S108
SECONDS: Final = 2.0


def reason() -> str:
    """Return why the worker is unhealthy, or the empty string."""
    try:
        age = time.time() - FILE.stat().st_mtime
    except FileNotFoundError:
        return "worker: not connected to the broker"
    if age > 5 * SECONDS:
        return f"worker: silent for {age:.0f} s"
    broker, _, _ = environment.redis_databases()
    try:
        Redis.from_url(
            broker, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        ).ping()
    except (RedisError, OSError) as error:
        return f"redis: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(reason() or 0)
