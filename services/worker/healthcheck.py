"""`python healthcheck.py`: exit 0 when this worker can take and run a task, else 1 with the reason."""

import sys
import time
from pathlib import Path
from typing import Final

from redis.exceptions import RedisError

from bellhop.ring.redis_client import redis_client
from stack import environment, server_urls

# Touched by core/heartbeat.py from a thread that runs tasks, every so many seconds while the worker is connected.
FILE: Final = Path(environment.text("HEARTBEAT_FILE", "/tmp/bellhop-worker-heartbeat"))  # noqa: S108
SECONDS: Final = 2.0
SILENT: Final = 30.0
"""Seconds without a touch: no thread has come to an end with what it was doing, or the loop does not ask any more."""


def reason() -> str:
    """Return why the worker is unhealthy, or the empty string."""
    try:
        age = time.time() - FILE.stat().st_mtime
    except FileNotFoundError:
        return "worker: not connected to the broker"
    except OSError as error:
        return f"worker: {error}"
    if age > SILENT:
        return f"worker: no thread was free for {age:.0f} s"
    broker, _, _ = server_urls.redis_databases()
    try:
        redis_client(broker).ping()
    except (RedisError, OSError) as error:
        return f"redis: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(reason() or 0)
