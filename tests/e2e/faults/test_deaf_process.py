"""A half-open link to Redis: no error anywhere, and nothing is heard. The beat delivers, the link is renewed."""

import asyncio
import time
from typing import Any

import pytest
from support import people, stack
from support.clients.visitor import Socket
from support.faults import network
from support.faults.readiness import until_named
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("local processes share one loopback, which loses nothing"),
    pytest.mark.redis("cuts it off itself"),
    pytest.mark.timeout(300),
]

RINGING_AGAIN = 15.0


async def test_a_half_open_link_is_noticed_and_rings_are_live_again_after_it(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    socket, foreign = await owner.socket(), await outsider.socket()
    await socket.until_notifications(1, timeout=30)
    await foreign.until_notifications(1, timeout=30)
    since = time.time()
    with network.half_open("ws", "redis"):
        cut = time.monotonic()
        people.notify(owner.username, "while deaf")
        await socket.until(lambda s: "while deaf" in s.messages, 2 * BEAT * PATIENCE)
        print(f"by the beat after {time.monotonic() - cut:.1f} s")
        # Until then, so that the link is renewed and not just resumed.
        await until(lambda: logged("event=layer_lost", since), 2 * BEAT * PATIENCE)
        print(f"noticed after {time.monotonic() - cut:.1f} s")
        assert '"ok"' in stack.healthz("ws"), "the beat serves"
        await until(lambda: "redis" in stack.unready(), BEAT * PATIENCE)
    healed = time.monotonic()
    await until(lambda: logged("event=layer_back", since), RINGING_AGAIN * PATIENCE)
    await until_rung(owner.username, socket, since)
    print(f"ringing again after {time.monotonic() - healed:.1f} s")
    await asyncio.to_thread(until_named, timeout=RINGING_AGAIN * PATIENCE)
    seqs = [frame["seq"] for frame in socket.notifications]
    assert seqs == list(range(1, len(seqs) + 1))
    assert foreign.messages[1:] == []


def logged(words: str, since: float) -> bool:
    return any(words in line for line in stack.logs("ws", since))


async def until(condition: Any, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline, f"not within {timeout} s"
        await asyncio.sleep(0.2)


async def until_rung(username: str, socket: Socket, since: float) -> None:
    """Notify until one came by the doorbell: by `way=ring`, not by the beat."""
    deadline = time.monotonic() + RINGING_AGAIN * PATIENCE
    before = len(socket.notifications)
    while True:
        count = len(socket.notifications)
        await asyncio.to_thread(people.notify, username, "ding")
        await socket.until_notifications(count + 1, timeout=BEAT * PATIENCE)
        # The line of one may come after the next: all of them are looked for.
        rung = [f"seq={frame['seq']} way=ring" for frame in socket.notifications[before:]]
        if any(words in line for line in stack.logs("ws", since) for words in rung):
            return
        assert time.monotonic() < deadline, "rings are not live again"
