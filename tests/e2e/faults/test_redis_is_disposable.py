"""Redis stopped for good, or hanging: logging in works, and the notification arrives by the beat."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from support import people, stack
from support.clients.visitor import Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE

pytestmark = pytest.mark.redis("breaks it itself")

LOGIN_SECONDS = 3.0


@contextmanager
def full(service: str) -> Iterator[None]:
    """It answers, and takes nothing more in."""
    deadline = time.monotonic() + 30
    # Seen once, on a full machine: the engine handed on nothing of what the command had said.
    while not (said := stack.redis("CONFIG", "GET", "maxmemory").split()):
        assert time.monotonic() < deadline, "Redis does not say how much it takes"
    before = said[-1]
    stack.redis("CONFIG", "SET", "maxmemory", "1")
    try:
        yield
    finally:
        stack.redis("CONFIG", "SET", "maxmemory", before)
        stack.wait_healthy()


FAULTS: dict[str, Callable[[str], AbstractContextManager[None]]] = {
    "stopped": stack.stopped,
    "paused": stack.paused,
    "full": full,
}


@dataclass(frozen=True)
class Broken:
    """Redis is broken, from `since` until `end` is awaited. All have signed in before, and have a socket."""

    fault: str
    since: float
    device: Visitor
    open_before: Socket
    leaving: Visitor
    leaving_socket: Socket
    foreign: Socket
    end: Callable[[], Awaitable[None]]


@pytest.fixture(scope="module", params=FAULTS)
async def broken(request: Any) -> AsyncIterator[Broken]:
    """Each fault once, for all tests about it."""
    device, leaving, outsider = [Visitor(name) for name in people.make(3)]
    async with device, leaving, outsider:
        for visitor in (device, leaving, outsider):
            assert (await visitor.login()).status_code == httpx.codes.FOUND
        sockets = [await ready(visitor) for visitor in (device, leaving, outsider)]
        since = time.time()
        with ExitStack() as faults:
            await asyncio.to_thread(faults.enter_context, FAULTS[request.param]("redis"))

            async def end() -> None:
                await asyncio.to_thread(faults.close)

            yield Broken(
                request.param, since, device, sockets[0], leaving, sockets[1], sockets[2], end
            )


stopped = pytest.mark.parametrize("broken", ["stopped"], indirect=True)


@stopped
async def test_without_redis_web_and_ws_are_healthy_and_the_worker_is_not(broken: Broken) -> None:
    assert '"ok"' in stack.healthz("web")
    assert '"ok"' in stack.healthz("ws")
    deadline = time.monotonic() + 30
    # It finds out by itself: when its connection ends, or at the next of its signs of life.
    while (found := stack.attempt("worker", "bash", "healthcheck.sh"))[0] != 1:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)


@stopped
async def test_without_redis_a_logout_closes_within_a_beat(broken: Broken) -> None:
    answer = await broken.leaving.submit("/accounts/logout/")
    assert answer.status_code == httpx.codes.FOUND
    assert await broken.leaving_socket.until_closed(timeout=BEAT * PATIENCE) == 4401
    assert broken.foreign.closed_with is None


async def test_without_redis_a_login_works_and_its_notification_arrives_by_the_beat(
    broken: Broken,
) -> None:
    fault, device, open_before = broken.fault, broken.device, broken.open_before
    started = time.monotonic()
    for number in range(2):
        async with Visitor(device.username) as second_device:
            started = time.monotonic()
            answer = await second_device.login()
            took = time.monotonic() - started
            assert answer.status_code == httpx.codes.FOUND, answer.text
            print(f"redis {fault}: login {number + 1} and its page took {took:.2f} s")
            assert took < LOGIN_SECONDS * PATIENCE

            started = time.monotonic()
            late = await second_device.socket()
            await late.until_notifications(1, timeout=2 * BEAT * PATIENCE)
            print(f"redis {fault}: a new socket had it after {time.monotonic() - started:.2f} s")
    await open_before.until_notifications(3, timeout=2 * BEAT * PATIENCE)
    print(f"redis {fault}: the open socket had it after {time.monotonic() - started:.2f} s")

    # The rest of the page works, too.
    summary = await device.http.get("/api/notifications/summary")
    assert summary.json()["unread"] == 3

    await broken.end()
    people.notify(device.username, "the doorbell rings again")
    await open_before.until_notifications(4, timeout=2 * BEAT * PATIENCE)
    assert [frame["seq"] for frame in open_before.notifications] == [1, 2, 3, 4]
    assert all(device.username not in message for message in broken.foreign.messages)


@stopped
async def test_a_lost_and_found_redis_is_one_line_each_in_the_logs(broken: Broken) -> None:
    since = broken.since
    # However much was to be rung meanwhile.
    for number in range(3):
        people.notify(broken.device.username, f"number {number}")
    await broken.end()
    await _until_logged("ws", since, "event=layer_back")
    await _until_logged("worker", since, "event=broker_back")

    logs = {service: stack.logs(service, since) for service in ("ws", "worker", "web")}
    for service, what in (("ws", "layer"), ("worker", "broker")):
        for event in (f"event={what}_lost", f"event={what}_back"):
            assert sum(event in line for line in logs[service]) == 1, logs[service]
    bad = ("Traceback", "level=error")
    assert not [line for lines in logs.values() for line in lines if any(w in line for w in bad)]


async def _until_logged(service: str, since: float, words: str) -> None:
    deadline = time.monotonic() + 60
    while not any(words in line for line in stack.logs(service, since)):
        assert time.monotonic() < deadline, f"{words} not in the logs of {service}"
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("wipe", ["FLUSHALL", "cache.clear()"])
async def test_a_wiped_redis_costs_nobody_a_notification_or_a_session(
    arrive: Any, wipe: str
) -> None:
    device: Visitor = await arrive()
    socket = await ready(device)
    for number in range(5):
        people.notify(device.username, f"number {number}")
        if wipe == "FLUSHALL":
            stack.redis("FLUSHALL")
        else:
            stack.shell("from django.core.cache import cache; cache.clear()")
    async with Visitor(device.username) as second_device:
        assert (await second_device.login()).status_code == httpx.codes.FOUND
    await socket.until_notifications(7, timeout=BEAT * PATIENCE)
    assert [frame["seq"] for frame in socket.notifications] == list(range(1, 8))
    assert socket.closed_with is None
    assert (await device.http.get("/api/notifications/summary")).status_code == httpx.codes.OK
