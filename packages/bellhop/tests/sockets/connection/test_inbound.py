"""What a client sends faster than its application takes it, on a real server and real sockets."""

import json
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest

from bellhop.server.connection.received_events_queue import EVENTS
from bellhop.server.file_descriptors import REFUSALS
from sockets.websocket_bytes import CLOSE, PING, PONG, TEXT, frame, read_frame

TESTS = Path(__file__).parents[2]
NORMAL = struct.pack("!H", 1000)


class Client:
    """A WebSocket of bytes."""

    def __init__(self, port: int, path: str, header: str = "X-Request-Id: x") -> None:
        self._wire = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._file = self._wire.makefile("rb")
        self.send(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"{header}\r\n\r\n".encode()
        )

    def shake(self) -> Self:
        """Wait for the handshake's answer."""
        self.status = int(self._file.readline().split()[1])
        while self._file.readline() != b"\r\n":
            pass
        return self

    def send(self, data: bytes) -> None:
        self._wire.sendall(data)

    def read(self) -> tuple[int, bytes]:
        """Return the next frame's opcode and payload."""
        return read_frame(self._file)

    def ask(self, text: str) -> tuple[int, int]:
        """Return how many applications are kept busy, and the longest queue of one."""
        self.send(frame(TEXT, text.encode()))
        opcode, payload = self.read()
        assert opcode == TEXT
        busy, longest, self.server, self.answered = json.loads(payload)
        return busy, longest

    def waits(self) -> float:
        """Return the seconds that the server works until it answers; not those that it waits for a processor."""
        # As clock_getcpuclockid(3) makes it: the processor's time of that process.
        asked = time.clock_gettime(~self.server << 3 | 2)
        self.ask("how many?")
        return self.answered - asked

    def hang_up(self) -> None:
        self._wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._file.close()
        self._wire.close()


@contextmanager
def serving(most: int) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-m", "sockets.served", str(most)],
        cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdout
        assert server.stdin
        yield int(server.stdout.readline())
        server.stdin.close()
        assert server.wait(60) == 0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where a server listens."""
    with serving(1000) as port:
        yield port


def free(port: int, name: str) -> None:
    """Let an application go on."""
    Client(port, f"/free/{name}").shake().close()


def test_a_flood_for_a_busy_application_is_not_queued_and_keeps_nobody_else_waiting(
    port: int,
) -> None:
    busy, other = Client(port, "/busy/flood").shake(), Client(port, "/echo/").shake()

    def flood() -> None:
        # Until the test hangs up: the server does not read so much.
        with suppress(OSError):
            busy.send(frame(TEXT, b"{}") * 300_000)

    sending = threading.Thread(target=flood)
    sending.start()
    longest = 0
    took: list[float] = []
    deadline = time.monotonic() + 60
    while longest < EVENTS or len(took) < 500:
        assert time.monotonic() < deadline, longest
        longest = max(longest, other.ask("how many?")[1])
        took.append(other.waits())
    assert longest == EVENTS
    # Up to 5 s where all of it is read.
    assert percentile(took, 95) < 0.1
    busy.hang_up()
    sending.join(20)
    free(port, "flood")


def test_once_the_application_goes_on_it_gets_every_frame_in_order(port: int) -> None:
    busy = Client(port, "/busy/order").shake()
    numbers = [str(number) for number in range(1000)]
    flood = b"".join(frame(TEXT, number.encode()) for number in numbers)
    busy.send(flood + frame(PING, b"still there?") + frame(TEXT, b"report"))
    free(port, "order")
    assert busy.read() == (PONG, b"still there?")
    opcode, report = busy.read()
    assert (opcode, json.loads(report)) == (TEXT, numbers)
    busy.send(frame(CLOSE, NORMAL))
    assert busy.read() == (CLOSE, NORMAL)


def test_a_goodbye_behind_a_flood_is_answered_once_the_application_goes_on(port: int) -> None:
    busy = Client(port, "/busy/goodbye").shake()
    busy.send(frame(TEXT, b"{}") * (EVENTS + 10) + frame(CLOSE, NORMAL))
    free(port, "goodbye")
    assert busy.read() == (CLOSE, NORMAL)


def test_pings_without_end_keep_nobody_else_waiting(port: int) -> None:
    pinging, other = Client(port, "/echo/").shake(), Client(port, "/echo/").shake()

    def flood() -> None:
        with suppress(OSError):
            pinging.send(frame(PING, b"") * 1_000_000)

    sending = threading.Thread(target=flood)
    sending.start()
    other.ask("who are you?")
    took = [other.waits() for _ in range(20)]
    # 0.2 s where all that one read brings is answered at once.
    assert percentile(took, 50) < 0.05
    assert [pinging.read() for _ in range(100)] == [(PONG, b"")] * 100
    pinging.hang_up()
    sending.join(20)


def percentile(values: list[float], which: int) -> float:
    return statistics.quantiles(values, n=100)[which - 1]


def knock_early(port: int, name: str, early: bytes) -> Client:
    """Send something before the handshake is answered, and have it answered then."""
    hasty, other = Client(port, f"/late/{name}"), Client(port, "/echo/").shake()
    deadline = time.monotonic() + 30
    while other.ask("has it been read?")[0] == 0:
        assert time.monotonic() < deadline
    hasty.send(early)
    free(port, name)
    return hasty.shake()


def test_what_comes_before_the_handshake_is_answered_is_no_second_request(port: int) -> None:
    hasty = knock_early(port, "request", b"GET /echo/ HTTP/1.1\r\nHost: x\r\n\r\n")
    # Not a frame: closed by the protocol's own code.
    opcode, payload = hasty.read()
    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1002))


def test_frames_that_come_before_the_handshake_is_answered_are_taken_after_it(port: int) -> None:
    numbers = [str(number) for number in range(2000)]
    flood = b"".join(frame(TEXT, number.encode()) for number in numbers)
    hasty = knock_early(port, "frames", flood + frame(TEXT, b"report"))
    opcode, report = hasty.read()
    assert (opcode, json.loads(report)) == (TEXT, numbers)


def test_more_connections_than_can_even_be_refused_get_a_503() -> None:
    with serving(3) as port:
        clients = [Client(port, "/echo/").shake() for _ in range(3 + REFUSALS + 2)]
        assert [one.status for one in clients] == [101] * (3 + REFUSALS) + [503] * 2
        for one in clients:
            one.close()
        deadline = time.monotonic() + 30
        while (late := Client(port, "/echo/").shake()).status != 101:
            assert time.monotonic() < deadline
        late.close()
