"""Sockets that all were on one replica are on all of them soon after scaling out, and nobody loses anything by it."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from support import people, replicas
from support.clients.tab import Tab, are_complete, until
from support.clients.visitor import Visitor
from support.faults import connections

pytestmark = [
    pytest.mark.containers("local processes run one of each service"),
    pytest.mark.redis("replicas hear of each other over it"),
    pytest.mark.timeout(400),
]

SOCKETS = 80
DEVICES = 8
REPLICAS = 4
EVEN = 0.2
EVEN_SECONDS = 180
"""It takes some forty; a machine with much else to do starts three replicas slowly."""


async def write(names: list[str], enough: asyncio.Event) -> int:
    """Notify each again and again until it is enough; return how often."""
    written = 0
    while not enough.is_set():
        await people.notify_each(names, rounds=5, pause=0.4)
        written += 5
    return written


@pytest.fixture
async def tabs(scale: Any) -> AsyncIterator[list[Tab]]:
    """Eighty tabs at the only replica there is."""
    await replicas.back_to_one("ws")
    devices = [Visitor(name) for name in people.make(DEVICES)]
    await asyncio.gather(*(device.login() for device in devices))
    found = [Tab(devices[number % DEVICES]) for number in range(SOCKETS)]
    try:
        await until(lambda: all(tab.shown for tab in found), 120, "every tab open")
        yield found
    finally:
        await asyncio.gather(*(tab.leave() for tab in found))
        for device in devices:
            await device.__aexit__(None, None, None)


def sockets() -> list[int]:
    """Return how many connections each replica has, which are sockets but for a health check now and then."""
    return [connections.at(replica) for replica in replicas.of("ws")]


def are_even(found: list[int]) -> bool:
    mean = sum(found) / len(found)
    return len(found) == REPLICAS and all(abs(one - mean) <= EVEN * mean for one in found)


async def test_scaled_out_the_sockets_are_even_within_a_minute_and_nothing_is_lost(
    tabs: list[Tab], scale: Any
) -> None:
    assert await asyncio.to_thread(sockets) == [pytest.approx(SOCKETS, abs=2)]
    names = sorted({tab.visitor.username for tab in tabs})
    enough = asyncio.Event()
    writing = asyncio.create_task(write(names, enough))
    await scale(ws=REPLICAS)
    started = time.monotonic()
    while not are_even(found := await asyncio.to_thread(sockets)):
        assert time.monotonic() - started < EVEN_SECONDS, f"uneven: {found}"
        await asyncio.sleep(1)
    print(f"even {time.monotonic() - started:.1f} s after the replicas were healthy: {found}")
    enough.set()
    shown = 1 + await writing
    await until(lambda: all(len(tab.shown) >= shown for tab in tabs), 60, "everything shown")
    # A round goes on down to the mean, which is further than even.
    closes: list[int] = []
    while closes != (closes := [len(tab.closes) for tab in tabs]):
        assert time.monotonic() - started < EVEN_SECONDS, "the round does not end"
        await asyncio.sleep(6)
    # Nothing more is closed: each has its share.
    await asyncio.sleep(6)
    print(f"{sum(closes)} closes of {SOCKETS} sockets, {shown} notifications for each")
    assert [len(tab.closes) for tab in tabs] == closes
    assert are_even(await asyncio.to_thread(sockets))
    assert {code for tab in tabs for code in tab.closes} == {1012}
    assert {len(tab.shown) for tab in tabs} == {shown}
    assert are_complete(tabs)
