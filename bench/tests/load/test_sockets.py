"""One socket of the load generator, with a transport that only remembers."""

import asyncio
from collections.abc import Callable

import pytest

from bench.load import frames
from bench.load.arrivals import Arrivals
from bench.load.dialects import Dialect, SocketIO, User
from bench.load.sockets import Socket
from bench.measures.speed.storm import Following, Returning
from bench.peers.socketio.peer import SOCKETIO
from bench.publishing import stamps

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


class Transport:
    """Remembers what was written, and whether it was closed."""

    def __init__(self) -> None:
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.is_closed = True


def server(payload: bytes, opcode: int = frames.TEXT) -> bytes:
    """Return a short frame as a server sends it."""
    return bytes([0x80 | opcode, len(payload)]) + payload


def with_socket(dialect: Dialect, check: Callable[[Socket, Transport, Arrivals], None]) -> None:
    """Run a check with a socket that has just connected."""

    async def run() -> None:
        transport, arrivals = Transport(), Arrivals()
        one = Socket(User(7, "key"), "localhost:1", dialect, arrivals, lambda _: None)
        one.connection_made(transport)
        check(one, transport, arrivals)
        if one.ready.done():
            one.ready.exception()

    asyncio.run(run())


def test_the_request_bears_the_session_and_the_origin_of_the_public_address() -> None:
    request = Dialect().request(User(7, "key"), "localhost:1")
    assert request.startswith(b"GET /ws/notifications/ HTTP/1.1\r\nHost: localhost:1\r\n")
    assert b"\r\nCookie: sessionid=key\r\n" in request
    assert b"\r\nOrigin: http://localhost:1\r\n" in request


def test_without_a_first_frame_to_wait_for_the_handshake_is_enough() -> None:
    def check(one: Socket, _: Transport, __: Arrivals) -> None:
        one.data_received(ACCEPTED[:20])
        assert not one.ready.done()
        one.data_received(ACCEPTED[20:])
        assert one.ready.result() is None

    with_socket(Dialect(), check)


def test_a_socket_is_ready_when_the_server_says_so_even_in_the_handshakes_packet() -> None:
    def check(one: Socket, _: Transport, __: Arrivals) -> None:
        one.data_received(ACCEPTED + server(b'{"type": "ready"}'))
        assert one.ready.result() is None

    with_socket(Dialect(ready=b'"ready"'), check)


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 502 Bad Gateway\r\n\r\n", ACCEPTED + server(b"\x11\x31", frames.CLOSE)]
)
def test_whoever_is_refused_hears_why(said: bytes) -> None:
    def check(one: Socket, transport: Transport, _: Arrivals) -> None:
        one.data_received(said)
        assert isinstance(one.ready.exception(), ConnectionError)
        assert transport.is_closed

    with_socket(Dialect(ready=b'"ready"'), check)


def test_a_ping_is_answered_with_its_own_payload() -> None:
    def check(one: Socket, transport: Transport, _: Arrivals) -> None:
        one.data_received(ACCEPTED + server(b"abcd", frames.PING))
        assert transport.written.endswith(frames.client(frames.PONG, b"abcd"))

    with_socket(Dialect(), check)


def test_a_message_is_taken_down_once() -> None:
    def check(one: Socket, _: Transport, arrivals: Arrivals) -> None:
        text = stamps.write(arrivals.expect(1), 7, 0).encode()
        one.data_received(ACCEPTED + server(text)[:50])
        one.data_received(server(text)[50:])
        assert (arrivals.arrived, arrivals.doubled) == (1, 0)

    with_socket(Dialect(), check)


def test_socket_io_joins_its_namespace_and_answers_the_servers_pings() -> None:
    assert isinstance(SOCKETIO.dialect, SocketIO)

    def check(one: Socket, transport: Transport, _: Arrivals) -> None:
        assert b"user=7 HTTP/1.1" in transport.written
        one.data_received(ACCEPTED + server(b'0{"sid":"a"}'))
        assert transport.written.endswith(frames.client(frames.TEXT, b"40"))
        one.data_received(server(b'40{"sid":"b"}'))
        assert one.ready.result() is None
        one.data_received(server(b"2"))
        assert transport.written.endswith(frames.client(frames.TEXT, b"3"))

    with_socket(SOCKETIO.dialect, check)


def test_who_comes_back_asks_for_what_came_after_the_last_it_saw() -> None:
    following = Following()
    dialect, user = Returning(following=following), User(7, "key")
    assert dialect.path_of(user) == "/ws/notifications/"
    following.note(7, b'{"type": "ready", "seq": 3}')
    assert dialect.path_of(user) == "/ws/notifications/?after=3"
    following.note(7, b'{"type": "notification", "seq": 4, "message": "x"}')
    following.note(7, b'{"type": "ready", "seq": 9}')
    assert dialect.path_of(user) == "/ws/notifications/?after=4"
