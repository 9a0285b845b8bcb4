"""The server's end of a socket on a wire that takes only so much: what is bounded, who is closed, and when."""

import asyncio
import math
import time
from types import SimpleNamespace
from typing import Any

import daphne.server  # noqa: F401 - first of all: it installs Twisted's asyncio reactor
import pytest
from twisted.internet.abstract import FileDescriptor
from twisted.internet.defer import Deferred
from twisted.internet.main import CONNECTION_LOST
from twisted.internet.task import Clock

from bellhop.server.connection.broken_clients import LAST_WORD
from bellhop.server.connection.inbound import ALLOWANCE, REST
from bellhop.server.connection.received_events_queue import BYTES, EVENTS, Events
from bellhop.server.connection.socket_protocol import SocketProtocol, SocketWire
from bellhop.server.overdue_pongs import Pulse
from sockets.websocket_bytes import PING, TEXT, frames

UNSENT = 1000
SLOW = 20


class Wire(FileDescriptor):
    """Twisted's own transport; the kernel behind it takes `room` bytes, then no more."""

    connected = 1

    def __init__(self) -> None:
        calls = ["addWriter", "removeWriter", "addReader", "removeReader"]
        quiet = SimpleNamespace(**dict.fromkeys(calls, lambda _: None))
        super().__init__(quiet)
        self.room = 0
        self.taken = b""
        self.aborted = False

    def writeSomeData(self, data: bytes) -> int:  # noqa: N802
        count = min(len(data), self.room)
        self.room -= count
        self.taken += bytes(data[:count])
        return count

    def abortConnection(self) -> None:  # noqa: N802
        self.aborted = True

    def take(self, count: int) -> None:
        self.room = count
        self.doWrite()

    @property
    def unsent(self) -> int:
        return len(self.dataBuffer) - self.offset + self._tempDataLen


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def socket(clock: Clock, wire: Wire) -> Any:
    """An open socket."""
    protocol = SocketProtocol()
    timer = SimpleNamespace(call_later=clock.callLater)
    protocol.factory = SimpleNamespace(
        reactor=clock, _batched_timer=timer, isServer=True, unsent_bytes=UNSENT, slow_seconds=SLOW,
        pulse=Pulse(SLOW), ping_seconds=28,
    )  # fmt: skip
    protocol.factory.logOctets = protocol.factory.logFrames = False
    wire.bufferSize = UNSENT
    protocol.transport = wire
    wire.registerProducer(protocol, True)
    protocol.state = protocol.STATE_OPEN
    protocol.__dict__.update(
        send_queue=[],
        trackedTimings=None,
        logOctets=False,
        logFrames=False,
        closeHandshakeTimeout=1,
        closeHandshakeTimeoutCall=None,
        wasClean=False,
        _asked_at=time.monotonic(),
        peer="",
        told=[],
        wasNotCleanReason=None,
        autoPingTimeoutCall=None,
        autoPingPending=None,
        data=b"",
        current_frame=None,
        is_closed=Deferred(),
        clean_headers=[],
        client_addr=None,
        application_queue=Events(),
        maskServerFrames=False,
        trafficStats=SimpleNamespace(
            outgoingOctetsWireLevel=0, outgoingWebSocketFrames=0, incomingOctetsWireLevel=0
        ),
    )
    SocketWire(protocol).on_writable(lambda: protocol.told.append("writable"))
    return protocol


def fill(socket: Any) -> None:
    """Write more than may be unsent, while the kernel takes nothing."""
    socket.transport.room = 0
    socket.write_text(b"x" * UNSENT)
    assert socket.is_paused


def is_closing(socket: Any) -> bool:
    return bool(socket.state != socket.STATE_OPEN)


def test_a_frame_longer_than_the_bound_is_written_and_pauses(socket: Any, wire: Wire) -> None:
    assert not socket.is_paused
    fill(socket)
    wire.take(2 * UNSENT)
    assert not socket.is_paused
    assert wire.taken.endswith(b"x" * UNSENT)


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_that_the_kernel_takes_is_gone_at_once(
    socket: Any, wire: Wire, length: int
) -> None:
    wire.room = 2 * length + 20
    socket.write_text(b"x" * length)
    assert frames(wire.taken) == [(TEXT, b"x" * length)]
    assert (wire.unsent, socket.is_paused) == (0, False)


def test_what_the_kernel_does_not_take_follows_in_order(socket: Any, wire: Wire) -> None:
    wire.room = 7
    for text in (b"first", b"second", b"third"):
        socket.write_text(text)
    assert wire.taken == b"\x81\x05first"
    wire.take(1)
    socket.write_text(b"fourth")
    wire.take(UNSENT)
    assert frames(wire.taken) == [
        (TEXT, text) for text in (b"first", b"second", b"third", b"fourth")
    ]


def test_nothing_is_written_behind_a_close_frame(socket: Any, wire: Wire) -> None:
    wire.room = UNSENT
    socket.sendClose(code=4401)
    wire.take(UNSENT)
    before = wire.taken
    socket.write_text(b"too late")
    assert (wire.taken, wire.unsent) == (before, 0)


def test_a_connection_that_broke_is_left_to_the_reactor(
    socket: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "writeSomeData", lambda _: CONNECTION_LOST)
    socket.write_text(b"x")
    assert wire.unsent == len(b"\x81\x01x")


def test_the_application_hears_once_that_it_may_go_on(socket: Any, wire: Wire) -> None:
    fill(socket)
    assert socket.told == []
    wire.take(2 * UNSENT)
    assert socket.told == ["writable"]


def test_what_the_application_is_given_writes_asks_and_knows_when_it_is_full(
    socket: Any, wire: Wire
) -> None:
    given = SocketWire(socket)
    wire.room = UNSENT
    given.write(b"text")
    given.write_and_ask(b"beat")
    (*texts, (opcode, _)) = frames(wire.taken)
    assert texts == [(TEXT, b"text"), (TEXT, b"beat")]
    assert opcode == PING
    assert not given.is_full
    fill(socket)
    assert given.is_full


def test_a_socket_that_is_gone_keeps_no_application(socket: Any) -> None:
    socket.server = SimpleNamespace(
        protocol_disconnected=lambda _: None, log_action=lambda *_: None
    )
    socket.request = SimpleNamespace(path="/")
    socket.onClose(True, 1000, "")
    assert socket.tell_writable is None


def waiting(socket: Any) -> list[dict[str, Any]]:
    """What the application has not heard yet."""
    return list(socket.application_queue._waiting)


def test_who_reads_in_time_is_not_closed(socket: Any, wire: Wire, clock: Clock) -> None:
    for _ in range(5):
        fill(socket)
        clock.advance(SLOW - 1)
        wire.take(2 * UNSENT)
    clock.advance(10 * SLOW)
    assert not is_closing(socket)


def test_who_takes_a_byte_a_second_is_closed_with_4408_and_then_reset(
    socket: Any, wire: Wire, clock: Clock
) -> None:
    fill(socket)
    for _ in range(SLOW - 1):
        clock.advance(1)
        wire.take(1)
    assert not is_closing(socket)
    clock.advance(1)
    assert is_closing(socket)
    clock.advance(LAST_WORD)
    assert wire.aborted


def test_who_takes_everything_before_the_reset_is_told_4408(
    socket: Any, wire: Wire, clock: Clock
) -> None:
    fill(socket)
    clock.advance(SLOW)
    wire.take(2 * UNSENT)
    assert wire.taken.endswith((4408).to_bytes(2))
    assert not wire.aborted


def test_pings_that_nobody_reads_the_answers_of_are_not_answered(socket: Any, wire: Wire) -> None:
    fill(socket)
    before = wire.unsent
    for _ in range(1000):
        socket.onPing(b"x" * 100)
    assert wire.unsent == before


def ask(socket: Any, wire: Wire) -> bytes:
    """Send a heartbeat; return the payload of the ping behind it."""
    wire.room, wire.taken = UNSENT, b""
    socket.write_text(b"beat", True)
    beat, (opcode, payload) = frames(wire.taken)
    assert (beat, opcode) == ((TEXT, b"beat"), PING)
    return payload


def overdue(socket: Any, seconds: float = SLOW) -> bool:
    """Whether the socket is closing once so many seconds have passed."""
    socket.factory.pulse.look({socket}, time.monotonic() + seconds)
    return is_closing(socket)


def test_a_heartbeat_and_its_ping_are_one_write(
    socket: Any, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = []
    write = wire.writeSomeData

    def noted(data: bytes) -> int:
        writes.append(data)
        return write(data)

    monkeypatch.setattr(wire, "writeSomeData", noted)
    ask(socket, wire)
    assert len(writes) == 1


def test_who_answers_no_ping_is_closed_with_4408(socket: Any, wire: Wire) -> None:
    ask(socket, wire)
    assert not overdue(socket, SLOW - 1)
    assert overdue(socket)
    wire.take(UNSENT)
    assert wire.taken.endswith((4408).to_bytes(2))


def test_who_answers_stays(socket: Any, wire: Wire) -> None:
    socket.onPong(ask(socket, wire))
    assert not overdue(socket)


@pytest.mark.parametrize("answer", [b"\0\0\0\0", b"", b"something else"])
def test_an_answer_to_no_ping_of_ours_is_none(socket: Any, wire: Wire, answer: bytes) -> None:
    ask(socket, wire)
    socket.onPong(answer)
    assert overdue(socket)


def test_a_second_ping_does_not_replace_one_that_waits(socket: Any, wire: Wire) -> None:
    ask(socket, wire)
    wire.taken = b""
    socket.write_text(b"beat", True)
    assert wire.taken == b"\x81\x04beat"
    assert overdue(socket)


def test_each_ping_is_another_and_an_old_answer_is_none(socket: Any, wire: Wire) -> None:
    first = ask(socket, wire)
    socket.onPong(first)
    second = ask(socket, wire)
    assert first != second
    socket.onPong(first)
    assert overdue(socket)


def test_who_may_have_answered_while_we_did_not_read_is_asked_for_later(
    socket: Any, wire: Wire, clock: Clock
) -> None:
    answer = ask(socket, wire)
    flood(socket)
    assert not socket.reads
    assert not overdue(socket)
    # The application takes what came; then the answer is read.
    asyncio.run(take_all(socket))
    clock.advance(REST)
    assert socket.reads
    socket.onPong(answer)
    socket._reads_since -= ALLOWANCE
    assert not overdue(socket, 3 * SLOW)


def test_who_has_not_answered_is_closed_once_what_came_has_been_read(
    socket: Any, wire: Wire, clock: Clock
) -> None:
    ask(socket, wire)
    flood(socket)
    assert not overdue(socket)
    asyncio.run(take_all(socket))
    clock.advance(REST)
    assert not overdue(socket, 2 * SLOW), "what came may still wait in the kernel"
    socket._reads_since -= ALLOWANCE
    assert overdue(socket, 3 * SLOW)


def flood(socket: Any) -> None:
    """Send more frames than an application may have waiting."""
    for _ in range(EVENTS):
        socket.onMessage(b"{}", False)


async def take_all(socket: Any) -> None:
    for _ in waiting(socket):
        await socket.application_queue.get()


def test_long_frames_fill_the_queue_as_many_do(socket: Any) -> None:
    socket.onMessage(b"x" * (BYTES - 1), False)
    assert socket.reads
    socket.onMessage(b"x", False)
    assert not socket.reads


def test_reading_goes_on_once_half_of_the_frames_were_taken(socket: Any, clock: Clock) -> None:
    async def take(count: int) -> None:
        for _ in range(count):
            await socket.application_queue.get()

    flood(socket)
    asyncio.run(take(EVENTS // 2 - 1))
    clock.advance(REST)
    assert not socket.reads
    asyncio.run(take(1))
    assert not socket.reads, "within the application's turn"
    clock.advance(REST)
    assert socket.reads


def test_a_socket_that_is_closed_while_its_application_is_behind_reads_the_goodbye_only(
    socket: Any, clock: Clock
) -> None:
    flood(socket)
    socket.sendClose(code=4429)
    clock.advance(REST)
    assert socket.reads
    socket.onMessage(b"{}", False)
    assert len(waiting(socket)) == EVENTS


def test_who_is_asked_by_no_heartbeat_is_asked_by_the_server(socket: Any, wire: Wire) -> None:
    # As daphne's own server, which bellhop.server.server keeps from asking.
    socket.server = SimpleNamespace(websocket_timeout=86_400, ping_interval=math.inf)
    socket.socket_opened = socket.last_ping = time.time()
    socket._asked_at -= 27
    socket.check_timeouts()
    assert wire.unsent == 0
    socket._asked_at -= 2
    socket.check_timeouts()
    wire.take(UNSENT)
    assert [opcode for opcode, _ in frames(wire.taken)] == [PING]
    assert overdue(socket)


def test_who_reads_nothing_is_not_asked(socket: Any, wire: Wire) -> None:
    fill(socket)
    before = wire.unsent
    assert socket.ping() == b""
    assert wire.unsent == before


def test_a_frame_is_no_sign_of_reading(socket: Any) -> None:
    asked_at = socket._asked_at = 7.0
    socket.onMessage(b"{}", False)
    assert socket._asked_at == asked_at


def test_who_says_goodbye_and_does_not_read_is_reset(socket: Any, wire: Wire, clock: Clock) -> None:
    fill(socket)
    socket.dropConnection(abort=False)
    clock.advance(LAST_WORD)
    assert wire.aborted


def test_nothing_is_left_running_for_a_socket_that_is_gone(socket: Any, clock: Clock) -> None:
    fill(socket)
    socket.stopProducing()
    assert clock.getDelayedCalls() == []
