"""The running stack from outside: commands in its services, faults, logs. Faults are real ones."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import httpx

from bellhop.contract import SOCKET_PATH
from support.clients.addresses import own_address
from support.gateway import BARE, GATEWAY, WITHOUT_REDIS
from support.resident import Resident

if BARE:
    from support.bare.processes import (
        attempt,
        health,
        healthz,
        kill,
        launch,
        logs,
        memory,
        pause,
        reload_nginx,
        resume,
        start,
        stop,
    )
    from support.bare.processes import redis as _redis
    from support.bare.processes import sql as _sql
else:
    from support.containers import (
        attempt,
        health,
        healthz,
        kill,
        launch,
        logs,
        memory,
        pause,
        reload_nginx,
        resume,
        start,
        stop,
    )
    from support.containers import redis as _redis
    from support.containers import sql as _sql

__all__ = [
    "attempt",
    "health",
    "healthz",
    "kill",
    "launch",
    "logs",
    "memory",
    "pause",
    "reload_nginx",
    "resume",
    "start",
    "stop",
]

LOGGED_SECONDS = 30
"""Within which a line that was written can be read."""

LONG_RUNNING = ("db", "redis", "web", "worker", "ws", "nginx")


def run(service: str, *command: str) -> str:
    """Run a command where a service runs and return its output; AssertionError if it fails."""
    code, text = attempt(service, *command)
    assert code == 0, f"{service}: {' '.join(command)}: exit {code}\n{text}"
    return text


def shell(code: str) -> str:
    """Run Python with Django set up in the web service, as a process of its own, and return its output."""
    status, text = _resident().run(code)
    assert status == 0, f"web: exit {status}\n{code}\n{text}"
    return text


@cache
def _resident() -> Resident:
    return Resident("web", own_address(), launch)


def sql(statement: str) -> str:
    """Run one SQL statement in the database, behind everyone's back."""
    code, text = _sql(statement)
    assert code == 0, text
    return text.strip()


def redis(*command: str) -> str:
    """Run one Redis command."""
    code, text = _redis(*command)
    assert code == 0, text
    return text.strip()


def attempt_sql(statement: str) -> tuple[int, str]:
    """Run one SQL statement that may fail or be broken off; return exit status and output."""
    return _sql(statement)


@contextmanager
def stopped(service: str) -> Iterator[None]:
    """The service is stopped for good: connections are refused, and a container's name is gone."""
    stop(service)
    try:
        yield
    finally:
        start(service)
        wait_healthy()


@contextmanager
def paused(service: str) -> Iterator[None]:
    """The service hangs: it accepts connections and never answers."""
    pause(service)
    try:
        yield
    finally:
        resume(service)
        wait_healthy()


@cache
def installation() -> str:
    """Return the word that begins every key and channel of this stack on its Redis."""
    return shell("from django.conf import settings; print(settings.INSTALLATION)").strip()


def _is_reachable() -> bool:
    """Return whether ws answers through nginx."""
    try:
        ws = httpx.get(f"http://{GATEWAY}{SOCKET_PATH}", timeout=30)
    except httpx.HTTPError:
        return False
    return ws.status_code == httpx.codes.UPGRADE_REQUIRED


def unready() -> list[str]:
    """Return the parts that /readyz says are missing; `nginx` where nobody says anything."""
    try:
        answer = httpx.get(f"http://{GATEWAY}/readyz", timeout=30)
        parts: list[str] = answer.json().get("parts", [])
    except (httpx.HTTPError, ValueError):
        return ["nginx"]
    assert bool(parts) is (answer.status_code == httpx.codes.SERVICE_UNAVAILABLE), answer.text
    return parts


def wait_healthy(timeout: float = 180, *, with_redis: bool = not WITHOUT_REDIS) -> None:
    """Wait until every long-running service is healthy and the whole ready; without Redis, until what can be is."""
    deadline = time.monotonic() + timeout
    states: dict[str, str] = {}
    while time.monotonic() < deadline:
        if with_redis:
            states = {service: health(service) for service in LONG_RUNNING}
        else:
            # ws serves by the beat.
            states = {service: health(service) for service in ("db", "web", "ws", "nginx")}
        # nginx looks a name up again every other second, and a container's health may be a check old.
        states["the way in"] = "healthy" if _is_reachable() else "unhealthy"
        missing = unready()
        states["readiness"] = (
            "healthy" if missing == ([] if with_redis else ["redis"]) else f"{missing}"
        )
        if set(states.values()) == {"healthy"}:
            return
        time.sleep(0.2)
    raise AssertionError(f"not healthy after {timeout:.0f} s: {states}")


async def logged(read: Callable[[], Sequence[str]], *words: str, count: int = 1) -> list[str]:
    """Wait until what `read` returns has `count` lines with all of these words, and return all such lines.

    What has answered a request may write its line, and Docker pass it on, a moment later. A word that ends in a space
    is a whole one, at the end of a line too. AssertionError with the last lines of all where it does not.
    """
    deadline = time.monotonic() + LOGGED_SECONDS
    while True:
        lines = await asyncio.to_thread(read)
        found = [line for line in lines if all(word in f"{line} " for word in words)]
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline, f"no {count} lines with {words} among {lines[-20:]}"
        await asyncio.sleep(0.1)
