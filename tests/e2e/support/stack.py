"""The running stack from outside: commands in its services, faults, logs. Faults are real ones."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bellhop.contract import SOCKET_PATH
from support.gateway import BARE, GATEWAY, WITHOUT_REDIS

if BARE:
    from support.processes import (
        attempt,
        health,
        healthz,
        kill,
        logs,
        memory,
        pause,
        reload_nginx,
        resume,
        start,
        stop,
    )
    from support.processes import redis as _redis
    from support.processes import sql as _sql
else:
    from support.containers import (
        attempt,
        health,
        healthz,
        kill,
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
    "healthz",
    "kill",
    "logs",
    "memory",
    "pause",
    "reload_nginx",
    "resume",
    "start",
    "stop",
]

LONG_RUNNING = ("db", "redis", "web", "worker", "ws", "nginx")


def run(service: str, *command: str) -> str:
    """Run a command where a service runs and return its output; AssertionError if it fails."""
    code, text = attempt(service, *command)
    assert code == 0, f"{service}: {' '.join(command)}: exit {code}\n{text}"
    return text


def shell(code: str) -> str:
    """Run Python with Django set up in the web service."""
    return run("web", "python", "manage.py", "shell", "--verbosity", "0", "-c", code)


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


def _is_reachable() -> bool:
    """Return whether web and ws answer through nginx."""
    try:
        web = httpx.get(f"http://{GATEWAY}/healthz", timeout=5)
        ws = httpx.get(f"http://{GATEWAY}{SOCKET_PATH}", timeout=5)
    except httpx.HTTPError:
        return False
    return (web.status_code, ws.status_code) == (httpx.codes.OK, httpx.codes.UPGRADE_REQUIRED)


def wait_healthy(timeout: float = 90, *, with_redis: bool = not WITHOUT_REDIS) -> None:
    """Wait until every long-running service is healthy; without Redis, until those are that can be."""
    deadline = time.monotonic() + timeout
    states: dict[str, str] = {}
    while time.monotonic() < deadline:
        if with_redis:
            states = {service: health(service) for service in LONG_RUNNING}
        else:
            states = {service: health(service) for service in ("db", "web", "nginx")}
            # It says so, and serves by the beat.
            states["ws"] = "healthy" if "redis: no answer" in healthz("ws") else "unhealthy"
        # nginx looks a name up again every other second, and a container's health may be a check old.
        states["the way in"] = "healthy" if _is_reachable() else "unhealthy"
        if set(states.values()) == {"healthy"}:
            return
        time.sleep(0.5)
    raise AssertionError(f"not healthy after {timeout:.0f} s: {states}")
