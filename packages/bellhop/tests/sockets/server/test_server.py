"""How the socket server takes its leave. With a real daphne and real sockets: tests/e2e/test_restarts.py."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from daphne.ws_protocol import WebSocketProtocol
from structlog.testing import capture_logs

from bellhop.server.leave_taking import QUIET, STAGGER, close_sockets
from bellhop.server.server import Server

CLOSED_AFTER = 0.02
"""Seconds until a socket that was told has answered."""


class Socket(WebSocketProtocol):
    """A socket of a server, without a network."""

    def __init__(self, server: Server, *, opens_after: float = 0.0) -> None:
        self.told: list[int] = []
        self._server = server
        self.state = self.STATE_CONNECTING if opens_after else self.STATE_OPEN
        server.connections[self] = {}
        if opens_after:
            asyncio.get_running_loop().call_later(opens_after, self._open)

    def _open(self) -> None:
        self.state = self.STATE_OPEN

    def sendCloseFrame(self, code: int, **_: Any) -> None:  # noqa: N802
        self.told.append(code)
        self.told_at = time.monotonic()
        self.state = self.STATE_CLOSING
        forget = self._server.connections.pop
        asyncio.get_running_loop().call_later(CLOSED_AFTER, forget, self)

    def __hash__(self) -> int:
        return id(self)


def a_server() -> Server:
    server = Server.__new__(Server)
    server.connections = {}
    return server


async def take_leave(server: Server) -> tuple[int, float]:
    """Return how many were told, and the seconds it took."""
    started = time.monotonic()
    told = await close_sockets(server, deadline=started + 20)
    return told, time.monotonic() - started


async def test_everyone_is_told_once_even_who_opens_while_the_others_are_told() -> None:
    server = a_server()
    sockets = [Socket(server) for _ in range(150)]
    # Telling so many takes longer than the quiet that ends it all.
    late = Socket(server, opens_after=2 * QUIET)
    told, took = await take_leave(server)
    assert took > 2 * QUIET
    assert told == 151
    assert [socket.told for socket in (*sockets, late)] == [[1012]] * 151


async def test_not_everyone_is_told_in_the_same_moment() -> None:
    server = a_server()
    sockets = [Socket(server) for _ in range(100)]
    await take_leave(server)
    moments = sorted(socket.told_at for socket in sockets)
    assert moments[-1] - moments[0] >= 0.8 * STAGGER * len(sockets)
    # At most ten at once: asyncio cannot sleep for so short a time.
    assert all(
        later - moment >= STAGGER for moment, later in zip(moments, moments[11:], strict=False)
    )


async def test_without_a_socket_it_leaves_after_a_moment() -> None:
    told, took = await take_leave(a_server())
    assert told == 0
    assert took < 10 * QUIET


class Broken:
    """Raises whatever it is asked."""

    def __getattr__(self, name: str) -> Any:
        raise ValueError("nobody expects it")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the reactor was asked to call later."""
    asked: list[Any] = []
    reactor = SimpleNamespace(callLater=lambda seconds, function: asked.append(function))
    monkeypatch.setattr("bellhop.server.server.reactor", reactor)
    monkeypatch.setattr("daphne.server.reactor", reactor)
    return asked


def test_the_look_at_all_connections_is_not_the_last_one_after_a_fault(later: list[Any]) -> None:
    server: Any = a_server()
    server._pulse = Broken()
    with pytest.raises(ValueError, match="nobody expects it"):
        server.timeout_checker()
    assert later == [server.timeout_checker]


def test_the_clean_up_is_not_the_last_one_after_a_fault(later: list[Any]) -> None:
    server: Any = a_server()
    connection = Socket(server)
    server.connections[connection] = {"application_instance": Broken()}
    with capture_logs() as lines:
        server.application_checker()
    assert [line["event"] for line in lines] == ["clean_up_failed"]
    assert later == [server.application_checker]
    assert list(server.connections) == [connection]
