"""/healthz and /readyz of the running stack: each part stopped in turn is named, and nothing else is.

The database: see test_database_away.py.
"""

import time
from collections.abc import Callable

import httpx
import pytest
from support import stack
from support.faults.readiness import until_named
from support.gateway import GATEWAY, PATIENCE

pytestmark = [pytest.mark.redis("it is one of the parts"), pytest.mark.timeout(300)]

NOTICED = 12.0
"""Seconds until a worker's last sign of life has expired, and a little."""

BOUND = 3.0
"""Seconds in which /readyz has answered, whatever hangs."""


def get(path: str) -> httpx.Response:
    return httpx.get(f"http://{GATEWAY}{path}", timeout=30)


def until_answered(path: str, status: int, body: dict[str, object]) -> None:
    """Wait until it answers so: what a busy machine keeps from answering in time is named in that one answer."""
    deadline = time.monotonic() + NOTICED * PATIENCE
    while ((answer := get(path)).status_code, answer.json()) != (status, body):
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("service", "part", "health"),
    [
        ("ws", "ws", 200),
        ("worker", "worker", 200),
        ("redis", "redis", 200),
        ("web", "web", 503),
    ],
)
def test_a_part_that_is_stopped_is_named_and_nothing_else_is(
    service: str, part: str, health: int
) -> None:
    until_answered("/readyz", 200, {"status": "ready"})
    with stack.stopped(service):
        stopped = time.monotonic()
        until_named(part, timeout=NOTICED * PATIENCE)
        print(f"{service}: named after {time.monotonic() - stopped:.1f} s")
        until_answered("/readyz", 503, {"status": "unready", "parts": [part]})
        until_answered("/healthz", health, {"status": "ok" if health == 200 else "unhealthy"})
    until_answered("/readyz", 200, {"status": "ready"})


def test_a_part_that_hangs_is_named_in_time() -> None:
    with stack.paused("web"):
        until_named("web", timeout=NOTICED * PATIENCE)
        started = time.monotonic()
        assert get("/readyz").json()["parts"] == ["web"]
        took = time.monotonic() - started
        print(f"answered within {took:.2f} s")
        assert took < BOUND * PATIENCE


def test_every_key_on_redis_is_this_installations(people_ring: None) -> None:
    names = stack.redis("KEYS", "*").split()
    for number in ("1", "2"):
        names += stack.redis("-n", number, "KEYS", "*").split()
    names += stack.redis("PUBSUB", "CHANNELS").split()
    assert len(names) > 3, names
    own = f"{stack.installation()}."
    assert [name for name in names if not name.startswith(own)] == []


@pytest.fixture
async def people_ring(arrive: Callable[..., object]) -> None:
    """Somebody logs in and listens: throttles count, a task is sent, a group is heard."""
    visitor = await arrive()  # type: ignore[misc]
    socket = await visitor.socket()
    await socket.until_notifications(1, timeout=30)
