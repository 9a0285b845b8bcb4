"""Bytes that daphne and autobahn would answer with a traceback, with more than nginx takes, or not at all."""

import asyncio
from types import SimpleNamespace
from typing import Any

import daphne.server  # noqa: F401 - first of all: it installs Twisted's asyncio reactor
import pytest
from daphne.ws_protocol import WebSocketFactory
from twisted.internet.testing import StringTransport

from bellhop.server.connection.socket_protocol import SocketProtocol
from bellhop.server.private_apis import with_options
from sockets.websocket_bytes import CLOSE, frame

GOOD = {
    "Host": b"localhost",
    "Upgrade": b"websocket",
    "Connection": b"Upgrade",
    "Sec-WebSocket-Key": b"dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": b"13",
}


class Server:
    """What a protocol asks of daphne's server; keeps the scopes of the applications it was to start."""

    root_path = ""
    proxy_forwarded_address_header = None

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> "asyncio.Queue[Any]":
        self.scopes.append(scope)
        return asyncio.Queue()

    def ignore(self, *_: Any) -> None:
        pass

    protocol_connected = protocol_disconnected = log_action = ignore


def shake(**broken: bytes) -> tuple[Server, Any, StringTransport]:
    """Send a handshake with other headers than the good one's; return server, protocol and wire."""
    server, wire = Server(), StringTransport()
    factory = WebSocketFactory(server, server="")
    factory.unsent_bytes, factory.slow_seconds = 1000, 20
    # As bellhop.server.server does.
    factory.setProtocolOptions(failByDrop=False)
    factory.protocol = with_options(SocketProtocol, factory)
    protocol = factory.buildProtocol(None)
    protocol._raw_query_string = b""
    # As the HTTP channel does that took the request.
    wire.registerProducer(SimpleNamespace(), True)
    protocol.makeConnection(wire)
    headers = {**GOOD, **{name.replace("_", "-"): value for name, value in broken.items()}}
    lines = [b"%s: %s\r\n" % (name.encode(), value) for name, value in headers.items()]
    protocol.dataReceived(b"GET /ws/notifications/ HTTP/1.1\r\n" + b"".join(lines) + b"\r\n")
    return server, protocol, wire


async def test_a_browser_that_offers_compression_is_let_in_without() -> None:
    """Chromium's own offer: what decides on it is a function among autobahn's options."""
    _, protocol, wire = shake(
        Sec_WebSocket_Extensions=b"permessage-deflate; client_max_window_bits"
    )
    protocol.serverAccept()
    assert wire.value().startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-extensions" not in wire.value().lower()


@pytest.mark.parametrize("names", [b"\xe2\x98\x83", b"a, b", b"", b"%ff"])
async def test_whatever_subprotocols_a_client_names_the_socket_opens_without_one(
    names: bytes,
) -> None:
    server, protocol, wire = shake(Sec_WebSocket_Protocol=names)
    assert server.scopes[0]["subprotocols"] == []
    protocol.serverAccept()
    assert wire.value().startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-protocol" not in wire.value().lower()


@pytest.mark.parametrize("name", ["Sec_WebSocket_Version", "Sec_WebSocket_Key", "Connection"])
async def test_a_refusal_repeats_nothing_of_what_the_client_sent(name: str) -> None:
    server, _, wire = shake(**{name: b"x" * 6000})
    assert server.scopes == []
    assert wire.value().startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert len(wire.value()) < 1000


@pytest.mark.parametrize(
    ("goodbye", "code"),
    [
        (b"\x00", 1002),
        (b"\x03\xe7", 1002),
        (b"\xbd\xe3", 1002),
        (b"\x03\xe8\xff", 1007),
        (b"\x03\xe8bye", 1000),
        (b"", 1000),
    ],
)
async def test_a_goodbye_good_or_bad_is_answered_before_the_line_ends(
    goodbye: bytes, code: int
) -> None:
    _, protocol, wire = shake()
    protocol.serverAccept()
    wire.clear()
    protocol.dataReceived(frame(CLOSE, goodbye))
    assert wire.value()[2:4] == code.to_bytes(2)
    assert wire.disconnecting
    assert not wire.disconnected


@pytest.mark.parametrize("goodbye", [b"", b"\x03\xe8bye", b"\x00"])
async def test_a_goodbye_that_crosses_ours_does_not_reset_the_line_that_ours_is_on(
    goodbye: bytes,
) -> None:
    """As when an ack has just been found wrong in the database: a reset would overtake the 4400."""
    _, protocol, wire = shake()
    protocol.serverAccept()
    wire.clear()
    protocol.serverClose(code=4400)
    protocol.dataReceived(frame(CLOSE, goodbye))
    assert wire.value()[:4] == b"\x88\x02" + (4400).to_bytes(2)
    assert wire.disconnecting
    assert not wire.disconnected
