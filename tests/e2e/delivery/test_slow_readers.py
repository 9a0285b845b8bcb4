"""Who does not read is closed and costs the others nothing; who comes back has missed nothing."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from support import people, stack
from support.clients import slow
from support.clients.raw import TEXT
from support.clients.visitor import Socket, Visitor
from support.faults import connections
from support.gateway import BARE, BEAT, PATIENCE

pytestmark = pytest.mark.timeout(600)

CLOSED_WITHIN = 60
MEMORY = 64 * 2**20
BODY = 20_000
"""Bytes: fifty of them are more than every buffer on the way together."""

PACE = 0.08
"""Seconds between two notifications: what two busy cores deliver to a hundred sockets without a queue."""


def send_script(names: list[str], count: int, pace: float) -> str:
    """Code that notifies each of them, again and again; each message is the time it was sent."""
    return (
        "import time\n"
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"users = list(User.objects.filter(username__in={names!r}).order_by('pk'))\n"
        f"for _ in range({count}):\n"
        "    for user in users:\n"
        f"        notify(user, message=repr(time.time()), body='x' * {BODY})\n"
        f"        time.sleep({pace})"
    )


async def send(names: list[str], count: int, pace: float) -> None:
    await asyncio.to_thread(stack.shell, send_script(names, count, pace))


def latencies(sockets: list[Socket], first_seq: int) -> list[float]:
    """Return the seconds from notify() to the frame, of every frame above a seq, sorted."""
    return sorted(
        arrival - float(frame["message"])
        for socket in sockets
        for frame, arrival in zip(socket.frames, socket.arrivals, strict=True)
        if frame["type"] == "notification" and frame["seq"] > first_seq
    )


def p99(values: list[float]) -> float:
    return values[int(len(values) * 0.99)]


async def until_open_at_ws(count: int, timeout: float) -> float:
    """Wait until ws has no more connections than that; return the seconds it took."""
    started = time.monotonic()
    while (now := await asyncio.to_thread(connections.at_ws)) > count:
        assert time.monotonic() - started < timeout, f"{now} are open, not {count}"
        await asyncio.sleep(0.5)
    return time.monotonic() - started


async def until_closed(sockets: Sequence[slow.SlowSocket], timeout: float) -> float:
    """Wait until none of these clients' connections stands; return the seconds it took."""
    started = time.monotonic()
    while still := [one for one in sockets if one.is_open]:
        assert time.monotonic() - started < timeout, f"{len(still)} still stand"
        await asyncio.sleep(0.5)
    return time.monotonic() - started


def seqs(socket: Socket) -> list[int]:
    return [frame["seq"] for frame in socket.notifications]


async def test_a_hundred_slow_readers_are_closed_and_cost_the_others_nothing(arrive: Any) -> None:
    people_ = [await arrive() for _ in range(4)]
    second_devices = [await arrive(person.username) for person in people_]
    outsider: Visitor = await arrive()
    names = [person.username for person in people_]
    readers = [await visitor.socket("?after=0") for visitor in [*people_, *second_devices]]
    bystanders = [await outsider.socket(), await outsider.socket()]

    # As it is without them: the same traffic, everybody reads. Seq 1 and 2 were the two logins.
    await send(names, 25, PACE)
    for socket in readers:
        await socket.until(lambda s: seqs(s)[-1:] == [27], BEAT * PATIENCE, "seq 27")
    before = p99(latencies(readers, 2))
    memory = stack.memory("ws")
    before_them = connections.at_ws()

    sockets = [slow.SlowSocket(person, after=27) for person in people_ for _ in range(25)]
    async with slow.opened(sockets):
        habits = [asyncio.create_task(one.trickle()) for one in sockets[::2]]
        # Some that never read are lively otherwise.
        habits += [asyncio.create_task(one.chatter()) for one in sockets[1::4]]
        await send(names, 60, PACE)
        for socket in readers:
            await socket.until(lambda s: seqs(s)[-1:] == [87], BEAT * PATIENCE, "seq 87")
        during, peak = p99(latencies(readers, 27)), stack.memory("ws")
        took = await until_open_at_ws(before_them, CLOSED_WITHIN * PATIENCE)
        after = stack.memory("ws")
        everywhere = took + await until_closed(sockets, CLOSED_WITHIN * PATIENCE)
        print(
            f"p99 {before * 1000:.0f} ms before, {during * 1000:.0f} ms during;"
            f" all closed {took:.0f} s after the last notification, {everywhere:.0f} s for the clients;"
            f" memory {memory / 2**20:.0f} MiB before, {peak / 2**20:.0f} at most, {after / 2**20:.0f} after"
        )
        for habit in habits:
            habit.cancel()
        await asyncio.gather(*habits, return_exceptions=True)

    assert after - memory < MEMORY
    # A busy machine is no slow reader: below a quarter of a second it is the machine that is measured.
    assert during < max(2 * before, 0.25)
    for socket in readers:
        assert seqs(socket) == list(range(1, 88))
        assert socket.closed_with is None
    for socket in bystanders:
        assert len(socket.notifications) == 1

    # One of the slow ones comes back, and has missed nothing.
    returned = await people_[0].socket("?after=27")
    await returned.until(lambda s: seqs(s)[-1:] == [87], BEAT * PATIENCE, "seq 87")
    assert seqs(returned) == list(range(28, 88))


async def test_a_reader_that_stops_for_a_moment_goes_on_where_it_stopped(arrive: Any) -> None:
    owner = await arrive()
    async with slow.opened([slow.SlowSocket(owner)]) as (socket,):
        await send([owner.username], 100, pace=0)
        await socket.read_all(30, until=b'"seq":101,')
        # The rest of the last one.
        people.notify(owner.username, "the end")
        await socket.read_all(30, until=b"the end")
    read = [json.loads(payload) for opcode, payload in socket.frames() if opcode == TEXT]
    got = [frame["seq"] for frame in read if frame["type"] == "notification"]
    assert got == list(range(1, len(got) + 1))
    assert len(got) >= 101


async def test_who_reads_again_in_time_is_told_4408(arrive: Any) -> None:
    owner = await arrive()
    since = time.time()
    async with slow.opened([slow.SlowSocket(owner)]) as (socket,):
        await send([owner.username], 60, pace=0)
        deadline = time.monotonic() + CLOSED_WITHIN * PATIENCE
        while not [line for line in stack.logs("ws", since) if "reader_too_slow" in line]:
            assert time.monotonic() < deadline, "nobody noticed"
            await asyncio.sleep(0.3)
        await socket.read_all(20)
    assert socket.closed_with == 4408


async def test_who_never_reads_is_closed_without_any_traffic(arrive: Any) -> None:
    """Too little to fill a buffer: only the ping that nobody answers tells."""
    owner = await arrive()
    reader = await owner.socket()
    before_them = connections.at_ws()
    async with slow.opened([slow.SlowSocket(owner) for _ in range(2)]) as (silent, lively):
        chatter = asyncio.create_task(lively.chatter())
        assert connections.at_ws() >= before_them + 2
        took = await until_open_at_ws(before_them, CLOSED_WITHIN * PATIENCE)
        print(f"closed after {took:.0f} s")
        chatter.cancel()
        await asyncio.gather(chatter, return_exceptions=True)
    assert reader.closed_with is None
    assert silent.received == b""


@pytest.mark.skipif(BARE, reason="one message of a megabyte is the same everywhere")
async def test_one_long_row_arrives_shortened_and_closes_nothing(arrive: Any) -> None:
    """Saved past notify(), which takes none of that length: one frame, to every device, that any reader can take."""
    owner, outsider = await arrive(), await arrive()
    device, other = await owner.socket(), await outsider.socket()
    stack.shell(
        "from bellhop.models import Notification\n"
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={owner.username!r})\n"
        "Notification.objects.create(recipient=user, seq=2, message='x' * 2**20, data={'n': 2**64})"
    )
    people.notify(owner.username, "and the next")
    await device.until(lambda s: "and the next" in s.messages, BEAT * PATIENCE)
    assert seqs(device) == [1, 2, 3]
    long = device.notifications[1]
    assert long["message"].startswith("xxx")
    assert long["message"].endswith("…")
    assert len(json.dumps(long)) <= 32 * 1024
    assert long["data"] == {"n": str(2**64)}
    assert device.closed_with is None
    assert seqs(other) == [1]
