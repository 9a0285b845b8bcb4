"""A login session that ends takes exactly its own sockets with it, on every replica, whatever ended it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import httpx
import pytest
from support import people, replicas, stack
from support.clients.visitor import PASSWORD, Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE, WITHOUT_REDIS

KICK_SECONDS = BEAT if WITHOUT_REDIS else 2.0
# The contract's figure is 50; a test run takes fewer.
LOGOUTS = int(os.environ.get("LOGOUTS") or 5)
NEW_PASSWORD = "an even more correct horse"


async def log_out(visitor: Visitor) -> None:
    answer = await visitor.submit("/accounts/logout/")
    assert answer.status_code == httpx.codes.FOUND


async def closes(socket: Socket, within: float = KICK_SECONDS) -> None:
    started = time.monotonic()
    assert await socket.until_closed(timeout=within * PATIENCE) == 4401
    print(f"closed after {time.monotonic() - started:.2f} s")


async def stays(username: str, *sockets: Socket) -> None:
    """What must not happen: these are still served."""
    people.notify(username, "for who is still here")
    for socket in sockets:
        await socket.until(lambda s: "for who is still here" in s.messages, BEAT * PATIENCE)
        assert socket.closed_with is None


async def test_logging_out_closes_that_devices_sockets_and_no_others(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    ending = [await ready(owner), await ready(owner)]
    staying, foreign = await ready(second_device), await ready(outsider)
    user, since = people.user_id(owner.username), time.time()
    await log_out(owner)
    for socket in ending:
        await closes(socket)
    if not WITHOUT_REDIS:
        # Because they were asked to look: the beat, which closes without that line, would do too, but later.
        asked = [line for line in stack.logs("ws", since) if "event=session_ended" in line]
        assert len([line for line in asked if f"user={user}" in line.split()]) == len(ending)
    await stays(owner.username, staying)
    await stays(outsider.username, foreign)
    for socket in ending:
        assert "for who is still here" not in socket.messages


async def test_signing_out_other_devices_closes_theirs_and_keeps_ones_own(arrive: Any) -> None:
    owner = await arrive()
    second_device, third_device = await arrive(owner.username), await arrive(owner.username)
    own, others = await ready(owner), [await ready(second_device), await ready(third_device)]
    answer = await owner.submit("/accounts/sessions/")
    assert answer.status_code == httpx.codes.FOUND
    for socket in others:
        await closes(socket)
    await stays(owner.username, own)
    assert (await second_device.http.get("/api/notifications/summary")).status_code == 401


async def test_a_new_password_ends_other_sessions_and_the_own_device_comes_back(
    arrive: Any,
) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    own, other, foreign = await ready(owner), await ready(second_device), await ready(outsider)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = await owner.submit("/accounts/password/change/", **fields)
    assert answer.status_code == httpx.codes.FOUND, answer.text
    await closes(other)
    # Its old session is gone, too; the client asks whether it is signed in, hears yes, and comes back.
    await closes(own)
    assert (await owner.http.get("/api/notifications/summary")).status_code == 200
    assert (await second_device.http.get("/api/notifications/summary")).status_code == 401
    await stays(owner.username, await ready(owner))
    await stays(outsider.username, foreign)


ENDINGS: dict[str, str] = {
    "deactivated": "user.is_active = False; user.save()",
    "given a new password": "user.set_password('x'); user.save(update_fields=['password'])",
    "deleted": "user.delete()",
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_user_who_is(arrive: Any, ending: str) -> None:
    """…deactivated, deleted or given a new password loses all sockets; nobody else does."""
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    sockets, foreign = [await ready(owner), await ready(second_device)], await ready(outsider)
    stack.shell(
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={owner.username!r})\n" + ENDINGS[ending]
    )
    for socket in sockets:
        await closes(socket)
    await stays(outsider.username, foreign)


BEHIND_OUR_BACK: dict[str, str] = {
    "deleted row": "DELETE FROM django_session WHERE session_key = '{cookie}'",
    "expired": "UPDATE django_session SET expire_date = now() WHERE session_key = '{cookie}'",
    "deactivated": "UPDATE auth_user SET is_active = false WHERE username = '{username}'",
}


@pytest.mark.parametrize("ending", BEHIND_OUR_BACK)
async def test_what_happens_behind_our_back_is_seen_by_the_beat(arrive: Any, ending: str) -> None:
    owner, outsider = await arrive(), await arrive()
    socket, foreign = await ready(owner), await ready(outsider)
    stack.sql(BEHIND_OUR_BACK[ending].format(cookie=owner.cookie, username=owner.username))
    await closes(socket, within=BEAT)
    await stays(outsider.username, foreign)


async def test_an_ordinary_save_of_a_user_closes_nothing(arrive: Any) -> None:
    owner = await arrive()
    socket = await ready(owner)
    stack.shell(
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={owner.username!r})\n"
        "user.first_name = 'Ada'; user.save()"
    )
    await stays(owner.username, socket)


@pytest.mark.redis("replicas are waited for until they are healthy")
@pytest.mark.containers("local processes run one of each service")
async def test_sockets_on_every_replica_close(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    since = time.time()
    async with replicas.scaled(ws=3):
        sockets = [await ready(owner) for _ in range(9)]
        foreign = [await ready(outsider) for _ in range(3)]
        user = f"user={people.user_id(owner.username)} "
        for replica in replicas.of("ws"):
            assert replicas.log_lines(replica, since, "event=socket_open", user)
        await log_out(owner)
        for socket in sockets:
            await closes(socket)
        await stays(outsider.username, *foreign)


@pytest.mark.redis("stops it itself")
async def test_without_redis_a_logout_closes_within_a_beat(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    socket, foreign = await ready(owner), await ready(outsider)
    with stack.stopped("redis"):
        await log_out(owner)
        await closes(socket, within=BEAT)
        assert foreign.closed_with is None


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
        await asyncio.sleep(3)
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


@pytest.mark.redis("a kick goes through it")
@pytest.mark.containers("local processes run one of each service")
@pytest.mark.parametrize("load", LOADS)
async def test_a_logout_closes_in_time_at_three_replicas(arrive: Any, load: str) -> None:
    async with replicas.scaled(ws=3):
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
