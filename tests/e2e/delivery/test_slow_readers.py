"""Who does not read is closed and costs the others nothing; who comes back has missed nothing."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from support import people, stack
from support.clients import slow
from support.clients.raw import TEXT
from support.clients.visitor import Socket, Visitor, ready
from support.edge.nginx import nginx
from support.faults import connections
from support.gateway import BARE, BEAT, GATEWAY, PATIENCE

if not BARE:
    from support import containers, replicas

pytestmark = pytest.mark.timeout(600)

CLOSED_WITHIN = 60
"""Seconds, the contract's, without any traffic; nginx's side of a socket that ws has closed is no longer there then."""

LAST_WORD = 5
"""Seconds a slow reader that was closed has to take what is unsent."""

SLOW = 40
"""Sockets: enough for a process to notice, few enough for two cores to serve them beside everybody else."""

MEMORY = 32 * 2**20
BODY = 20_000
"""Bytes: fifty of them are more than every buffer on the way together."""

PACE = 0.05
"""Seconds between two notifications: what two busy cores deliver to so many sockets without a queue."""


@dataclass(frozen=True)
class Impatient:
    """An nginx and, behind it, a socket service that bears a slow reader for so many seconds only."""

    gateway: str
    seconds: int
    memory: Callable[[], int]
    connections: Callable[[], int]
    logs: Callable[[float], list[str]]


@pytest.fixture(scope="module")
async def impatient() -> AsyncIterator[Impatient]:
    """One with a shorter SLOW_READER_SECONDS than the stack's own, where there are containers."""
    if BARE:
        yield Impatient(
            GATEWAY, 20, partial(stack.memory, "ws"), connections.at_ws, partial(stack.logs, "ws")
        )
        return
    # Enough for the others, who read, on a machine that is busy.
    seconds = 8
    async with replicas.apart(("ws",), {"SLOW_READER_SECONDS": str(seconds)}) as added:
        ws = added["ws"]
        upstreams = "upstream web {{ server 127.0.0.1:9; }} upstream ws {{ server {}; }}"
        with nginx(upstreams=upstreams.format(replicas.address(ws))) as edge:
            yield Impatient(
                edge.address,
                seconds,
                partial(containers.memory_of, ws),
                partial(connections.at, ws),
                partial(replicas.log_lines, ws),
            )


@pytest.fixture(scope="module", autouse=True)
async def silent() -> AsyncIterator[tuple[Socket, slow.SlowSocket, slow.SlowSocket]]:
    """Somebody's socket and two that do not read, one of which sends, from the beginning of this file on.

    What they wait for, most of a minute, goes by under the other tests.
    """
    async with AsyncExitStack() as devices:
        owner = await devices.enter_async_context(Visitor(people.make()[0]))
        await owner.login()
        reader = await owner.socket()
        mute, lively = await devices.enter_async_context(
            slow.opened([slow.SlowSocket(owner) for _ in range(2)])
        )
        chatter = asyncio.create_task(lively.chatter())
        yield reader, mute, lively
        chatter.cancel()
        await asyncio.gather(chatter, return_exceptions=True)


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


async def until_open_at_ws(impatient: Impatient, count: int) -> float:
    """Wait until that ws has no more connections than that; return the seconds it took."""
    started = time.monotonic()
    bound = (impatient.seconds + LAST_WORD) * PATIENCE
    while (now := await asyncio.to_thread(impatient.connections)) > count:
        assert time.monotonic() - started < bound, f"{now} are open, not {count}"
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


@dataclass
class Crowd:
    """Slow readers, and what some of them do all the while."""

    sockets: list[slow.SlowSocket]
    habits: list["asyncio.Task[None]"]


@pytest.fixture(scope="module")
async def crowd() -> AsyncIterator[Crowd]:
    """Nobody yet; who is added stays until this file ends."""
    found = Crowd([], [])
    yield found
    for habit in found.habits:
        habit.cancel()
    await asyncio.gather(*found.habits, return_exceptions=True)
    for socket in found.sockets:
        await socket.__aexit__()


async def test_slow_readers_are_closed_and_cost_the_others_nothing(
    arrive: Any, impatient: Impatient, crowd: Crowd
) -> None:
    at = impatient.gateway
    people_ = [await arrive() for _ in range(4)]
    second_devices = [await arrive(person.username) for person in people_]
    outsider: Visitor = await arrive()
    names = [person.username for person in people_]
    readers = [await one.socket("?after=0", at=at) for one in [*people_, *second_devices]]
    bystanders = [await outsider.socket(at=at), await outsider.socket(at=at)]

    # As it is without them: the same traffic, everybody reads. Seq 1 and 2 were the two logins.
    await send(names, 25, PACE)
    for socket in readers:
        await socket.until(lambda s: seqs(s)[-1:] == [27], BEAT * PATIENCE, "seq 27")
    before = p99(latencies(readers, 2))
    # In threads: a reader that waits for the Docker Engine would be a slow one.
    memory = await asyncio.to_thread(impatient.memory)
    before_them = await asyncio.to_thread(impatient.connections)

    for person in people_:
        for _ in range(SLOW // 4):
            one = slow.SlowSocket(person, after=27, at=at)
            crowd.sockets.append(await one.__aenter__())
    crowd.habits += [asyncio.create_task(one.trickle()) for one in crowd.sockets[::2]]
    # Some that never read are lively otherwise.
    crowd.habits += [asyncio.create_task(one.chatter()) for one in crowd.sockets[1::4]]
    await send(names, 60, PACE)
    for socket in readers:
        await socket.until(lambda s: seqs(s)[-1:] == [87], BEAT * PATIENCE, "seq 87")
    during, peak = p99(latencies(readers, 27)), await asyncio.to_thread(impatient.memory)
    took = await until_open_at_ws(impatient, before_them)
    after = await asyncio.to_thread(impatient.memory)
    print(
        f"p99 {before * 1000:.0f} ms before, {during * 1000:.0f} ms during;"
        f" all closed {took:.0f} s after the last notification;"
        f" memory {memory / 2**20:.0f} MiB before, {peak / 2**20:.0f} at most, {after / 2**20:.0f} after"
    )

    assert after - memory < MEMORY
    # A busy machine is no slow reader: below two seconds it is the machine that is measured. Who waited for one of
    # them would wait until it is closed.
    assert during < max(3 * before, 2)
    for socket in readers:
        assert seqs(socket) == list(range(1, 88))
        assert socket.closed_with is None
    for socket in bystanders:
        assert len(socket.notifications) == 1

    # One of the slow ones comes back, and has missed nothing.
    returned = await people_[0].socket("?after=27", at=at)
    await returned.until(lambda s: seqs(s)[-1:] == [87], BEAT * PATIENCE, "seq 87")
    assert seqs(returned) == list(range(28, 88))


async def test_a_reader_that_stops_for_a_moment_goes_on_where_it_stopped(arrive: Any) -> None:
    owner = await arrive()
    async with slow.opened([slow.SlowSocket(owner)]) as (socket,):
        await send([owner.username], 60, pace=0)
        await socket.read_all(30, until=b'"seq":61,')
        # The rest of the last one.
        people.notify(owner.username, "the end")
        await socket.read_all(30, until=b"the end")
    read = [json.loads(payload) for opcode, payload in socket.frames() if opcode == TEXT]
    got = [frame["seq"] for frame in read if frame["type"] == "notification"]
    assert got == list(range(1, len(got) + 1))
    assert len(got) >= 61


async def test_who_reads_again_in_time_is_told_4408(arrive: Any, impatient: Impatient) -> None:
    owner = await arrive()
    since = time.time()
    async with slow.opened([slow.SlowSocket(owner, at=impatient.gateway)]) as (socket,):
        await send([owner.username], 60, pace=0)
        deadline = time.monotonic() + impatient.seconds * PATIENCE
        # Often: it has LAST_WORD from then on.
        while not any("reader_too_slow" in line for line in impatient.logs(since)):
            assert time.monotonic() < deadline, "nobody noticed"
            await asyncio.sleep(0.1)
        await socket.read_all(20)
    assert socket.closed_with == 4408


@pytest.mark.skipif(BARE, reason="one message of a megabyte is the same everywhere")
async def test_one_long_row_arrives_shortened_and_closes_nothing(arrive: Any) -> None:
    """Saved past notify(), which takes none of that length: one frame, to every device, that any reader can take."""
    owner, outsider = await arrive(), await arrive()
    device, other = await owner.socket(), await ready(outsider)
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


# Last, since these have waited all the while


async def test_what_ws_has_closed_nginx_lets_go_as_well(crowd: Crowd) -> None:
    if not crowd.sockets:
        pytest.skip("about the sockets of the test that was left out")
    print(f"{await until_closed(crowd.sockets, CLOSED_WITHIN * PATIENCE):.0f} s more")


async def test_who_never_reads_is_closed_without_any_traffic(
    silent: tuple[Socket, slow.SlowSocket, slow.SlowSocket],
) -> None:
    """Too little to fill a buffer: only the ping that nobody answers tells."""
    reader, mute, lively = silent
    await until_closed([mute, lively], CLOSED_WITHIN * PATIENCE)
    assert mute.received == b""
    await mute.read_all(10)
    assert mute.closed_with == 4408
    assert reader.closed_with is None
