"""Three replicas of ws: a notification, and the end of a login session, reach the sockets on each of them."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

import httpx
import pytest
from support import people, replicas, stack
from support.clients.visitor import Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("local processes run one of each service"),
    pytest.mark.redis("replicas are waited for until they are healthy"),
]

SPREAD_SECONDS = 10
KICK_SECONDS = 2.0
# The contract's figure is 50; a test run takes fewer.
LOGOUTS = int(os.environ.get("LOGOUTS") or 3)


async def test_scaled_to_three_new_sockets_land_on_all_and_a_notification_reaches_each(
    arrive: Any, scale: Any
) -> None:
    owner, outsider = await arrive(), await arrive()
    foreign = await ready(outsider)
    user = people.user_id(owner.username)
    since = time.time()
    await scale(ws=3)
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


async def log_out(visitor: Visitor) -> None:
    answer = await visitor.submit("/accounts/logout/")
    assert answer.status_code == httpx.codes.FOUND


async def test_sockets_on_every_replica_close(arrive: Any, scale: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    await scale(ws=3)
    since = time.time()
    sockets = [await ready(owner) for _ in range(9)]
    foreign = [await ready(outsider) for _ in range(3)]
    user = f"user={people.user_id(owner.username)} "
    for replica in replicas.of("ws"):
        await stack.logged(partial(replicas.log_lines, replica, since), "event=socket_open", user)
    await log_out(owner)
    for socket in sockets:
        assert await socket.until_closed(timeout=KICK_SECONDS * PATIENCE) == 4401
    # What must not happen: these are still served.
    people.notify(outsider.username, "for who is still here")
    for socket in foreign:
        await socket.until(lambda s: "for who is still here" in s.messages, BEAT * PATIENCE)
        assert socket.closed_with is None


@asynccontextmanager
async def broadcast() -> AsyncIterator[None]:
    """Rings as fast as one program writes: two hundred people are notified, again and again until the end."""
    names = people.make(200)
    code = (
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"users = list(User.objects.filter(username__in={names!r}))\n"
        f"while User.objects.filter(username={names[0]!r}, is_active=True).exists():\n"
        "    for user in users: notify(user, message='to everyone')\n"
    )
    task = asyncio.create_task(asyncio.to_thread(stack.shell, code))
    try:
        # Twice around, so that as much is waiting as ever will be.
        told = f"SELECT count(*) FROM bellhop_notification WHERE seq = 2 AND recipient_id = {people.user_id(names[-1])}"
        deadline = time.monotonic() + 120
        while await asyncio.to_thread(stack.sql, told) == "0":
            assert time.monotonic() < deadline, "nobody is told anything"
            await asyncio.sleep(0.1)
        assert not task.done()
        yield
    finally:
        stack.sql(f"UPDATE auth_user SET is_active = false WHERE username = '{names[0]}'")
        await task
        # What is still waiting would delay the rings of whichever test comes next.
        deadline = time.monotonic() + 120
        while stack.redis("LLEN", f"{stack.installation()}.rings") != "0":
            assert time.monotonic() < deadline, "the worker does not come to an end"
            await asyncio.sleep(0.5)


LOADS: dict[str, Callable[[], AbstractAsyncContextManager[None]]] = {
    "idle": nullcontext,
    "broadcast": broadcast,
}


@pytest.mark.parametrize("load", LOADS)
async def test_a_logout_closes_in_time_at_three_replicas(
    arrive: Any, scale: Any, load: str
) -> None:
    await scale(ws=3)
    devices = [await arrive() for _ in range(LOGOUTS)]
    sockets = [await ready(device) for device in devices]
    took = []
    async with LOADS[load]():
        for device, socket in zip(devices, sockets, strict=True):
            started = time.monotonic()
            await log_out(device)
            assert await socket.until_closed(timeout=KICK_SECONDS * PATIENCE) == 4401
            took.append(socket.closed_at - started)
    ordered = sorted(took)
    print(
        f"{load}: {LOGOUTS} logouts, form and all, to close: p50 {ordered[len(ordered) // 2]:.2f} s,"
        f" p99 {ordered[-1 - len(ordered) // 100]:.2f} s"
    )
