"""The parts of live delivery that are missing: all asked at the same time, within PATIENCE, at most once a second."""

import http.client
import json
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from functools import cache, partial
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection
from redis.exceptions import RedisError

from bellhop.health_answers import ChangeLog, Recent
from bellhop.models import Inbox
from bellhop.ring.redis_client import redis_client
from stack import task_names

PARTS: Final[tuple[str, ...]] = ("ws", "worker", "redis", "database")
"""In the order in which they are named. web itself is named by nginx, when it does not answer."""

PATIENCE: Final = 2.5
"""Seconds for all parts together; a part that has not answered by then is missing."""

WS_ANSWER: Final = 2.0
"""Seconds for a ws process: above those after which it gives up on its own database and Redis."""

REDIS_ANSWER: Final = 1.0
"""Seconds to reach Redis, and to hear from it."""

Check = Callable[[], set[str]]
"""A function that asks one part and returns the names of the parts that are missing."""

_log = ChangeLog("unready", "ready_again")


def _missing() -> list[str]:
    found = _ask_all([("database", _database), ("redis", _redis), ("ws", _ws)], PATIENCE)
    parts = [part for part in PARTS if part in found]
    _log.note(" ".join(parts))
    return parts


missing: Final = Recent(_missing)


def _ask_all(checks: Iterable[tuple[str, Check]], seconds: float) -> set[str]:
    """Return the parts that the checks miss. A check that is late or raises misses the part it is named after."""
    checks = list(checks)
    threads = ThreadPoolExecutor(len(checks) or 1, "readiness")
    asked = {threads.submit(check): part for part, check in checks}
    # One that hangs must not keep the others' answers.
    threads.shutdown(wait=False)
    done, late = wait(asked, seconds)
    found = {asked[one] for one in late}
    for one in done:
        found |= {asked[one]} if one.exception() else one.result()
    return found


def _database() -> set[str]:
    try:
        Inbox.objects.exists()
    except Error:
        return {"database"}
    finally:
        # This thread's own, which goes back to the pool.
        connection.close()
    return set()


@cache
def _client() -> Any:
    return redis_client(settings.BROKER_URL, timeout=REDIS_ANSWER)


def _redis() -> set[str]:
    """Return whether Redis is away, or else whether no worker has given a sign of life there."""
    try:
        lives = _client().exists(f"{settings.REDIS_PREFIX}{task_names.WORKER_SIGN}")
    except (RedisError, OSError):
        return {"redis"}
    return set() if lives else {"worker"}


def _ws() -> set[str]:
    """Return the parts that any process behind WS_URL misses, or `ws` where one does not answer."""
    address = urlsplit(settings.WS_URL)
    port = address.port or 80
    found = socket.getaddrinfo(address.hostname, port, type=socket.SOCK_STREAM)
    hosts = {str(target[0]) for *_, target in found}
    return _ask_all([("ws", partial(_ask_ws, host, port)) for host in hosts], WS_ANSWER)


def _ask_ws(host: str, port: int) -> set[str]:
    # Not by urllib: it would ask the proxy that a company's shell names.
    with closing(http.client.HTTPConnection(host, port, timeout=WS_ANSWER)) as ws:
        ws.request("GET", "/readyz")
        answer = json.loads(ws.getresponse().read(10_000))
    if answer["status"] == "ready":
        return set()
    # Whatever else it may say one day is something that ws misses.
    return (set(answer["parts"]) & set(PARTS)) or {"ws"}
