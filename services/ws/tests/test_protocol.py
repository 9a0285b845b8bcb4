"""The server's end of a socket on a wire that takes only so much: what is bounded, who is closed, and when."""

import asyncio
from types import SimpleNamespace
from typing import Any

import daphne.server  # noqa: F401 - first of all: it installs Twisted's asyncio reactor
import pytest
from twisted.internet.abstract import FileDescriptor
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from core.line import WRITABLE
from core.protocol import LAST_WORD, SocketProtocol

UNSENT = 1000
SLOW = 20


class Wire(FileDescriptor):
    """Twisted's own transport; the kernel behind it takes `room` bytes, then no more."""

    connected = 1

    def __init__(self) -> None:
        quiet = SimpleNamespace(**dict.fromkeys(["addWriter", "removeWriter"], lambda _: None))
        quiet.removeReader = lambda _: None
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
        reactor=clock, _batched_timer=timer, isServer=True, unsent_bytes=UNSENT, slow_seconds=SLOW
    )
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
        wasNotCleanReason=None,
        autoPingTimeout=SLOW,
        autoPingTimeoutCall=None,
        autoPingPending=None,
        autoPingPendingSeq=0,
        autoPingSize=12,
        is_closed=Deferred(),
        clean_headers=[],
        client_addr=None,
        application_queue=asyncio.Queue(),
        maskServerFrames=False,
        trafficStats=SimpleNamespace(outgoingOctetsWireLevel=0, outgoingWebSocketFrames=0),
    )
    return protocol


def fill(socket: Any) -> None:
    socket.serverSend("x" * UNSENT)
    assert socket.is_paused


def is_closing(socket: Any) -> bool:
    return bool(socket.state != socket.STATE_OPEN)


def test_a_frame_longer_than_the_bound_is_written_and_pauses(socket: Any, wire: Wire) -> None:
    assert not socket.is_paused
    fill(socket)
    wire.take(2 * UNSENT)
    assert not socket.is_paused
    assert wire.taken.endswith(b"x" * UNSENT)


def test_the_application_hears_once_that_it_may_go_on(socket: Any, wire: Wire) -> None:
    fill(socket)
    assert socket.application_queue.empty()
    wire.take(2 * UNSENT)
    assert socket.application_queue.get_nowait() == {"type": WRITABLE}
    assert socket.application_queue.empty()


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


def test_who_answers_no_ping_is_closed_with_4408(socket: Any, wire: Wire, clock: Clock) -> None:
    socket._sendAutoPing()
    wire.take(UNSENT)
    clock.advance(SLOW)
    wire.take(UNSENT)
    assert wire.taken.endswith((4408).to_bytes(2))


def test_a_second_ping_does_not_replace_one_that_waits(socket: Any, clock: Clock) -> None:
    socket._sendAutoPing()
    clock.advance(SLOW - 1)
    socket._sendAutoPing()
    clock.advance(1)
    assert is_closing(socket)


def test_a_frame_is_no_sign_of_reading(socket: Any) -> None:
    socket.last_ping = 7.0
    socket.onMessage(b"{}", False)
    assert socket.last_ping == 7.0


def test_who_says_goodbye_and_does_not_read_is_reset(socket: Any, wire: Wire, clock: Clock) -> None:
    fill(socket)
    socket._closeConnection(abort=False)
    clock.advance(LAST_WORD)
    assert wire.aborted


def test_nothing_is_left_running_for_a_socket_that_is_gone(socket: Any, clock: Clock) -> None:
    fill(socket)
    socket.stopProducing()
    assert clock.getDelayedCalls() == []
