"""/healthz and /readyz of the running stack: each part stopped in turn is named, and nothing else is.

The database: see test_database_away.py.
"""

import time
from collections.abc import Callable

import httpx
import pytest
from support import stack
from support.gateway import GATEWAY, PATIENCE

pytestmark = [pytest.mark.redis("it is one of the parts"), pytest.mark.timeout(300)]

NOTICED = 12.0
"""Seconds until a worker's last sign of life has expired, and a little."""

BOUND = 3.0
"""Seconds in which /readyz has answered, whatever hangs."""


def get(path: str) -> httpx.Response:
    return httpx.get(f"http://{GATEWAY}{path}", timeout=10)


def until(condition: Callable[[], object], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, stack.unready()
        time.sleep(0.2)


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
    answer = get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    with stack.stopped(service):
        stopped = time.monotonic()
        seen: set[str] = set()

        def is_named() -> bool:
            seen.update(stack.unready())
            return part in seen

        until(is_named, NOTICED * PATIENCE)
        print(f"{service}: named after {time.monotonic() - stopped:.1f} s")
        assert seen == {part}
        answer = get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "unready", "parts": [part]})
        assert answer.headers["cache-control"] == "no-store"
        answer = get("/healthz")
        wanted = {"status": "ok"} if health == 200 else {"status": "unhealthy"}
        assert (answer.status_code, answer.json()) == (health, wanted)
        assert answer.headers["cache-control"] == "no-store"
    answer = get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_a_part_that_hangs_is_named_in_time() -> None:
    with stack.paused("web"):
        until(lambda: "web" in stack.unready(), NOTICED * PATIENCE)
        started = time.monotonic()
        assert get("/readyz").json()["parts"] == ["web"]
        took = time.monotonic() - started
        print(f"answered within {took:.2f} s")
        assert took < BOUND + 1


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
    await socket.until_notifications(1, timeout=10)
