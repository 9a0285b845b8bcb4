"""While a socket is still joining (a hung Redis makes that seconds) nothing may come before `ready`."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session

from bellhop.contract import user_group
from core.beat import beat
from tests.support import Socket, Visitor, until


@pytest.fixture
async def joining(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Socket, asyncio.Event]]:
    """A socket that waits for its group, and what lets it through."""
    layer = get_channel_layer()._get_layer()
    gate = asyncio.Event()
    join = layer.group_add

    async def join_late(group: str, channel: str) -> None:
        await gate.wait()
        await join(group, channel)

    monkeypatch.setattr(layer, "group_add", join_late)
    socket = Socket(owner.key, group=user_group(owner.user.pk))
    owner.sockets.append(socket)
    await socket._line.send_input({"type": "websocket.connect"})
    await until(lambda: len(beat.sockets) == 1)
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
