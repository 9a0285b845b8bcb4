"""Redis stopped for good, or hanging: logging in works, and the notification arrives by the beat."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest
from support import people, stack
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE

pytestmark = pytest.mark.redis("breaks it itself")

LOGIN_SECONDS = 3.0


@contextmanager
def full(service: str) -> Iterator[None]:
    """It answers, and takes nothing more in."""
    stack.redis("CONFIG", "SET", "maxmemory", "1")
    try:
        yield
    finally:
        stack.redis("CONFIG", "SET", "maxmemory", "0")


FAULTS = {"stopped": stack.stopped, "paused": stack.paused, "full": full}


@pytest.fixture
async def device(arrive: Any) -> Visitor:
    """A device that was signed in, its socket open, while all was well."""
    visitor: Visitor = await arrive()
    return visitor


@pytest.mark.parametrize("fault", FAULTS)
async def test_without_redis_a_login_works_and_its_notification_arrives_by_the_beat(
    fault: str, device: Visitor
) -> None:
    open_before = await device.socket()
    await open_before.until_notifications(1, timeout=10)
    outsider = await Visitor(people.make()[0]).__aenter__()
    await outsider.login()
    foreign = await outsider.socket()

    break_it: Callable[[str], AbstractContextManager[None]] = FAULTS[fault]
    with break_it("redis"):
        for number in range(3):
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
                print(
                    f"redis {fault}: a new socket had it after {time.monotonic() - started:.2f} s"
                )
                await open_before.until_notifications(number + 2, timeout=2 * BEAT * PATIENCE)
                print(
                    f"redis {fault}: the open socket had it after {time.monotonic() - started:.2f} s"
                )

        # The rest of the page works, too.
        summary = await device.http.get("/api/notifications/summary")
        assert summary.json()["unread"] == 4

    people.notify(device.username, "the doorbell rings again")
    await open_before.until_notifications(5, timeout=2 * BEAT * PATIENCE)
    assert [frame["seq"] for frame in open_before.notifications] == [1, 2, 3, 4, 5]
    assert all(device.username not in message for message in foreign.messages)
    await outsider.__aexit__(None, None, None)


@pytest.mark.parametrize("wipe", ["FLUSHALL", "cache.clear()"])
async def test_a_wiped_redis_costs_nobody_a_notification_or_a_session(
    wipe: str, device: Visitor
) -> None:
    socket = await device.socket()
    await socket.until_notifications(1, timeout=10)
    for number in range(10):
        people.notify(device.username, f"number {number}")
        if wipe == "FLUSHALL":
            stack.redis("FLUSHALL")
        else:
            stack.shell("from django.core.cache import cache; cache.clear()")
    async with Visitor(device.username) as second_device:
        assert (await second_device.login()).status_code == httpx.codes.FOUND
    await socket.until_notifications(12, timeout=BEAT * PATIENCE)
    assert [frame["seq"] for frame in socket.notifications] == list(range(1, 13))
    assert socket.closed_with is None
    assert (await device.http.get("/api/notifications/summary")).status_code == httpx.codes.OK


async def test_without_redis_web_and_ws_are_healthy_and_the_worker_is_not() -> None:
    with stack.stopped("redis"):
        assert '"ok"' in stack.healthz("web")
        assert '"ok"' in stack.healthz("ws")
        code, reason = stack.attempt("worker", "python", "healthcheck.py")
        assert code == 1, reason


async def test_a_lost_and_found_redis_is_one_line_each_in_the_logs(device: Visitor) -> None:
    since = time.time()
    socket = await device.socket()
    with stack.stopped("redis"):
        for number in range(3):
            people.notify(device.username, f"unheard {number}")
        await socket.until_notifications(4, timeout=2 * BEAT * PATIENCE)
    await _until_logged("ws", since, "event=layer_back")
    await _until_logged("worker", since, "event=broker_back")

    logs = {service: stack.logs(service, since) for service in ("ws", "worker", "web")}
    for service, what in (("ws", "layer"), ("worker", "broker")):
        for event in (f"event={what}_lost", f"event={what}_back"):
            assert sum(event in line for line in logs[service]) == 1, logs[service]
    bad = ("Traceback", "level=error")
    assert not [line for lines in logs.values() for line in lines if any(w in line for w in bad)]


async def _until_logged(service: str, since: float, words: str) -> None:
    deadline = time.monotonic() + 30
    while not any(words in line for line in stack.logs(service, since)):
        assert time.monotonic() < deadline, f"{words} not in the logs of {service}"
        await asyncio.sleep(0.3)
