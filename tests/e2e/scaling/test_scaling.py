"""More replicas and back, without touching nginx: new sockets land on all, and nobody loses anything."""

import asyncio
import time
from typing import Any

import pytest
from support import people, replicas, stack
from support.clients.tab import Tab, until
from support.clients.visitor import Socket, Visitor
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("local processes run one of each service"),
    pytest.mark.redis("replicas are waited for until they are healthy"),
    pytest.mark.timeout(400),
]

SPREAD_SECONDS = 10
BACK = 5
"""Seconds: a tab tries twice a second, and nginx looks names up every other second."""

SOCKETS = 200
DEVICES = 20


async def test_scaled_to_three_new_sockets_land_on_all_and_a_notification_reaches_each(
    arrive: Any,
) -> None:
    owner, outsider = await arrive(), await arrive()
    foreign = await outsider.socket()
    await foreign.until_notifications(1, timeout=10)
    user = people.user_id(owner.username)
    since = time.time()
    async with replicas.scaled(ws=3):
        sockets: list[Socket] = []
        started = time.monotonic()
        while not all(
            replicas.log_lines(replica, since, "event=socket_open", f"user={user} ")
            for replica in replicas.of("ws")
        ):
            assert time.monotonic() - started < SPREAD_SECONDS * PATIENCE, "not on all replicas"
            sockets.append(await owner.socket())
            await asyncio.sleep(0.2)
        print(f"on all three after {time.monotonic() - started:.1f} s, {len(sockets)} sockets")
        people.notify(owner.username, "to every replica")
        for socket in sockets:
            await socket.until_notifications(2, timeout=BEAT * PATIENCE)
    for socket in sockets:
        assert socket.messages.count("to every replica") == 1
    assert foreign.messages[1:] == []


async def test_two_workers_and_two_webs_share_the_work(arrive: Any) -> None:
    since = time.time()
    async with replicas.scaled(web=2, worker=2):
        owner: Visitor = await arrive()
        socket = await owner.socket()
        deadline = time.monotonic() + SPREAD_SECONDS * PATIENCE
        rung = "event=notification_rung"
        while not all(replicas.log_lines(each, since, rung) for each in replicas.of("worker")):
            assert time.monotonic() < deadline, "one worker does it all"
            people.notify(owner.username, "rung by either")
        upstreams: set[str] = set()
        while len(upstreams) < 2:
            assert time.monotonic() < deadline, f"one web does it all: {upstreams}"
            assert (await owner.http.get("/api/notifications/summary")).status_code == 200
            lines = [line for line in stack.logs("nginx", since) if "/summary" in line]
            upstreams = {line.rpartition("upstream=")[2] for line in lines}
    people.notify(owner.username, "and by the one that is left")
    await socket.until(lambda s: s.messages[-1] == "and by the one that is left", BEAT * PATIENCE)
    seqs = [frame["seq"] for frame in socket.notifications]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_back_to_one_with_200_sockets_all_reconnect_and_nothing_is_lost(arrive: Any) -> None:
    devices: list[Visitor] = [await arrive() for _ in range(DEVICES)]
    tabs: list[Tab] = []
    try:
        async with replicas.scaled(ws=3):
            tabs += [Tab(devices[number % DEVICES]) for number in range(SOCKETS)]
            await until(lambda: all(tab.shown for tab in tabs), 60, "every tab open")
            # While the replicas go, everyone is written to.
            writing = asyncio.create_task(_notify_all(devices, rounds=10))
        gone = time.monotonic()
        await writing
        expected = list(range(1, 12))
        await until(
            lambda: all([frame["seq"] for frame in tab.shown][-1] == 11 for tab in tabs),
            60,
            "every tab has everything",
        )
        await until(lambda: all(tab.is_open for tab in tabs), 60, "every tab is back")
        print(f"all back and up to date {time.monotonic() - gone:.1f} s after scaling down")
        for tab in tabs:
            assert [frame["seq"] for frame in tab.shown] == expected
            assert all(tab.visitor.username in frame["message"] for frame in tab.shown[1:]), (
                "someone else's"
            )
        moved = [tab for tab in tabs if tab.closes]
        print(f"{len(moved)} of {SOCKETS} moved")
        assert moved
        assert {code for tab in moved for code in tab.closes} == {1012}
    finally:
        await asyncio.gather(*(tab.leave() for tab in tabs))


async def _notify_all(devices: list[Visitor], rounds: int) -> None:
    names = [device.username for device in devices]
    code = (
        "import time\n"
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"users = list(User.objects.filter(username__in={names!r}))\n"
        f"for number in range({rounds}):\n"
        "    for user in users: notify(user, message=f'{number} for {user.username}')\n"
        "    time.sleep(0.5)\n"
    )
    await asyncio.to_thread(stack.shell, code)


async def test_all_replicas_crash_together_and_everyone_is_back_at_once(arrive: Any) -> None:
    devices: list[Visitor] = [await arrive() for _ in range(4)]
    tabs: list[Tab] = []
    try:
        async with replicas.scaled(ws=2):
            tabs += [Tab(devices[number % 4]) for number in range(40)]
            await until(lambda: all(tab.shown for tab in tabs), 60, "every tab open")
            for replica in replicas.of("ws"):
                await asyncio.to_thread(replica.kill)
            await until(lambda: not any(tab.is_open for tab in tabs), 30, "every tab closed")
            # They knock at a closed door meanwhile, which nginx must not hold against it.
            await asyncio.sleep(2)
            for replica in replicas.of("ws"):
                await asyncio.to_thread(replica.start)
            await asyncio.to_thread(replicas.wait_healthy, replicas.of("ws"))
            back = time.monotonic()
            await until(lambda: all(tab.is_open for tab in tabs), BACK * PATIENCE, "every tab back")
            print(f"all back {time.monotonic() - back:.1f} s after the replicas were")
        for tab in tabs:
            assert [frame["seq"] for frame in tab.shown] == [1]
    finally:
        await asyncio.gather(*(tab.leave() for tab in tabs))
