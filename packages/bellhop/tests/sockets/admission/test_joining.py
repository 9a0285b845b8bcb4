"""While a socket is still joining (a hung Redis makes that seconds) nothing may come before `ready`."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from bellhop.contract import CHECK_LOGIN, user_group
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.sockets import missed_notifications
from bellhop.sockets.open_sockets import registry
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Socket, Visitor, consumers, until


@pytest.fixture
async def joining(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Socket, asyncio.Event]]:
    """A socket that waits for its group, and what lets it through."""
    own: Any = get_channel_layer()
    layer = own._get_layer()
    gate = asyncio.Event()
    join = layer.listen

    async def join_late(*arguments: Any) -> None:
        await gate.wait()
        await join(*arguments)

    monkeypatch.setattr(layer, "listen", join_late)
    socket = Socket(owner.key, group=user_group(owner.user.pk))
    owner.sockets.append(socket)
    await socket._line.send_input({"type": "websocket.connect"})
    await until(lambda: len(registry.sockets) == 1)
    yield socket, gate
    gate.set()


async def test_a_beat_leaves_a_joining_socket_alone(
    joining: tuple[Socket, asyncio.Event],
) -> None:
    socket, gate = joining
    await beat.tick()
    gate.set()
    await until(lambda: socket._heard() and socket.frames)
    assert socket.frames[0]["type"] == "ready"


async def test_a_session_that_ends_while_its_socket_joins_is_closed_after_the_accept(
    joining: tuple[Socket, asyncio.Event],
) -> None:
    socket, gate = joining
    await Session.objects.all().adelete()
    await beat.tick()
    gate.set()
    await until(lambda: socket._heard() and socket.closed_with)
    assert socket.accepted
    assert socket.frames == []
    assert socket.closed_with == 4401


async def test_a_kick_that_meets_the_first_look_closes_after_the_accept(
    owner: Visitor, outsider: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session was alive when it was looked at, and has ended before the socket is open."""
    foreign = await outsider.tab()
    look, looked, release = missed_notifications.first_looks, threading.Event(), threading.Event()

    def look_long(*arguments: Any) -> Any:
        found = look(*arguments)
        looked.set()
        release.wait(60)
        return found

    monkeypatch.setattr(missed_notifications, "first_looks", look_long)
    socket = Socket(owner.key, group=user_group(owner.user.pk))
    owner.sockets.append(socket)
    await socket._line.send_input({"type": "websocket.connect"})
    await until(looked.is_set)
    await Session.objects.filter(pk=owner.key).adelete()
    (end,) = consumers(owner.user)
    end.hear({"type": CHECK_LOGIN})
    assert socket._heard()
    assert (socket.accepted, socket.closed_with) == (False, None)
    release.set()
    assert await socket.until_closed() == 4401
    assert socket.accepted
    assert foreign.closed_with is None


async def test_a_query_of_a_hundred_fields_is_4400(owner: Visitor) -> None:
    socket = await owner.knock("?" + "&".join(f"a{number}=1" for number in range(100)))
    assert await socket.until_closed() == 4400


async def test_an_ack_of_what_was_seen_over_http_before_its_ring_is_fine(owner: Visitor) -> None:
    tab = await owner.tab()
    await owner.add(1)
    await tab.send('{"type": "ack", "seq": 1}')
    await owner.add(1)
    await tab.settle()
    assert tab.closed_with is None
