"""The heart of it: whoever logs in gets that login's notification, however late the socket opens."""

import asyncio
import os
import time
from typing import Any

import pytest
from support import people, stack
from support.clients.visitor import Visitor

# The contract's figure is 200 at each delay; a test run takes fewer, since each costs 0.4 s of hashing.
LOGINS = int(os.environ.get("LOGINS") or 8)
AT_ONCE = 8


@pytest.mark.timeout(900)
@pytest.mark.parametrize("delay", [0, 0.05, 0.3, 5])
async def test_every_login_reaches_a_socket_opened_after(delay: float) -> None:
    names = people.make(LOGINS)
    turn = asyncio.Semaphore(AT_ONCE)

    since = time.time()

    async def log_in_and_listen(name: str) -> list[dict[str, Any]]:
        async with Visitor(name) as visitor:
            async with turn:
                answer = await visitor.login()
            assert answer.status_code == 302, answer.text
            await asyncio.sleep(delay)
            socket = await visitor.socket()
            await socket.until_notifications(1, timeout=30)
            # Whatever would come twice: the ring, a catch-up, the next beat.
            await socket.until(lambda s: s.of_type("ready"), 30)
            await asyncio.sleep(1)
            return socket.notifications

    received = await asyncio.gather(*(log_in_and_listen(name) for name in names))

    wrong = {
        name: got
        for name, got in zip(names, received, strict=True)
        if [frame["message"] for frame in got] != [f"Welcome back, {name}"]
    }
    assert not wrong
    # The ring and the catch-up brought them: none had to wait for the beat to repair it.
    ids = {got[0]["id"] for got in received}
    repaired = [line for line in stack.logs("ws", since) if "way=beat" in line]
    assert not [line for line in repaired if any(f"id={id_} " in line for id_ in ids)]
    print(f"{len(names)} of {len(names)} logins reached a socket opened {delay} s after, once each")


async def test_a_name_in_any_script_is_welcomed_by_it(arrive: Any) -> None:
    (name,) = people.make()
    stack.shell(
        "from django.contrib.auth.models import User\n"
        f"User.objects.filter(username={name!r}).update(first_name='Zoë', last_name='李')"
    )
    socket = await (await arrive(name)).socket()
    await socket.until_notifications(1, timeout=30)
    assert socket.messages == ["Welcome back, Zoë 李"]
