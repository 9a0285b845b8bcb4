"""Replicas that crash, stop and go away, without touching nginx: tabs come back, and nobody loses anything."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from support import people, replicas
from support.clients.tab import Tab, are_complete, until
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("local processes run one of each service"),
    pytest.mark.redis("replicas are waited for until they are healthy"),
    pytest.mark.timeout(400),
]

GRACE_SECONDS = 20
BACK = 5
"""Seconds: a tab tries twice a second, and nginx looks names up every other second."""

SOCKETS = 200
DEVICES = 8
"""No more sockets of one person than a process takes, wherever they all end up."""


@pytest.fixture(scope="module")
async def tabs(scale: Any) -> AsyncIterator[list[Tab]]:
    """Two hundred tabs that are open all the while, whatever becomes of the replicas."""
    devices = [Visitor(name) for name in people.make(DEVICES)]
    await asyncio.gather(*(device.login() for device in devices))
    await scale(ws=3)
    found = [Tab(devices[number % DEVICES]) for number in range(SOCKETS)]
    try:
        await until(lambda: all(tab.shown for tab in found), 120, "every tab open")
        yield found
    finally:
        await asyncio.gather(*(tab.leave() for tab in found))
        for device in devices:
            await device.__aexit__(None, None, None)


def closes(tabs: list[Tab]) -> list[int]:
    """Return how often each has been closed so far."""
    return [len(tab.closes) for tab in tabs]


def moved(tabs: list[Tab], before: list[int]) -> list[Tab]:
    """Return those that were closed since, once each, and told why."""
    found = [tab for tab, count in zip(tabs, before, strict=True) if len(tab.closes) > count]
    assert {code for tab in found for code in tab.closes[-1:]} == {1012}
    return found


async def test_all_replicas_crash_together_and_everyone_is_back_at_once(tabs: list[Tab]) -> None:
    for replica in replicas.of("ws"):
        await asyncio.to_thread(replica.kill)
    await until(lambda: not any(tab.is_open for tab in tabs), 30, "every tab closed")
    # They knock at a closed door until the first has started, which nginx must not hold against it.
    await asyncio.gather(*(asyncio.to_thread(one.start) for one in replicas.of("ws")))
    await asyncio.to_thread(replicas.wait_healthy, replicas.of("ws"))
    back = time.monotonic()
    await until(lambda: all(tab.is_open for tab in tabs), BACK * PATIENCE, "every tab back")
    print(f"all back {time.monotonic() - back:.1f} s after the replicas were")
    assert are_complete(tabs)


async def spread(tabs: list[Tab]) -> None:
    """Let every tab come back once more, now that all replicas are there: each takes its share.

    The one whose port opened first after a crash may have taken everybody.
    """
    before = closes(tabs)
    await asyncio.gather(*(tab.socket.close() for tab in tabs if tab.socket))
    await until(
        lambda: all(
            tab.is_open and len(tab.closes) > count for tab, count in zip(tabs, before, strict=True)
        ),
        60,
        "every tab back",
    )


async def note_pauses(pauses: list[float]) -> None:
    """Note, again and again, for how long this process was kept from going on."""
    while True:
        asked = time.monotonic()
        await asyncio.sleep(0.01)
        pauses.append(time.monotonic() - asked)


async def test_ws_that_is_stopped_tells_everyone_and_ends_well_within_its_grace(
    tabs: list[Tab],
) -> None:
    await spread(tabs)
    before, second = closes(tabs), replicas.of("ws")[1]
    pauses: list[float] = []
    noting = asyncio.create_task(note_pauses(pauses))
    started = time.monotonic()
    await asyncio.to_thread(second.stop, timeout=GRACE_SECONDS)
    took = time.monotonic() - started
    second.reload()
    await until(lambda: closes(tabs) != before, BACK * PATIENCE, "somebody told")
    await until(lambda: all(tab.is_open for tab in tabs), 60, "all on the other replicas")
    told = moved(tabs, before)
    print(f"stopped after {took:.1f} s; {len(told)} moved")
    assert second.attrs["State"]["ExitCode"] == 0
    noting.cancel()
    second.remove()
    assert took < GRACE_SECONDS
    assert told
    # Told one after the other: who is told last has no company of two hundred at the door. (Who is kept
    # from listening hears of many at once; so, for a moment, may nginx: they are told in more than twice that time.)
    times = sorted(tab.closed_at[-1] for tab in told)
    assert times[-1] - times[0] + max(pauses) > len(told) * 0.002
    owner = tabs[0].visitor
    people.notify(owner.username, f"after it, for {owner.username}")
    owned = [tab for tab in tabs if tab.visitor is owner]
    await until(lambda: all(len(tab.shown) == 2 for tab in owned), BEAT * PATIENCE, "served again")
    assert are_complete(tabs)


async def test_back_to_one_with_200_sockets_all_reconnect_and_nothing_is_lost(
    tabs: list[Tab],
) -> None:
    devices = {tab.visitor.username for tab in tabs}
    before, shown = closes(tabs), [len(tab.shown) for tab in tabs]
    # While the replicas go, everyone is written to.
    writing = asyncio.create_task(people.notify_each(sorted(devices), rounds=10, pause=0.5))
    await replicas.back_to_one("ws")
    gone = time.monotonic()
    await writing
    await until(
        lambda: all(len(tab.shown) >= n + 10 for tab, n in zip(tabs, shown, strict=True)),
        60,
        "every tab has everything",
    )
    await until(lambda: all(tab.is_open for tab in tabs), 60, "every tab is back")
    print(f"all back and up to date {time.monotonic() - gone:.1f} s after scaling down")
    assert [len(tab.shown) for tab in tabs] == [count + 10 for count in shown]
    assert are_complete(tabs)
    told = moved(tabs, before)
    print(f"{len(told)} of {SOCKETS} moved")
    assert told
