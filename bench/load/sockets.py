"""The load generator's sockets: one asyncio.Protocol each, no task, no stream, no library between."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bench.load import frames
from bench.load.arrivals import Arrivals
from bench.load.dialects import Dialect, User

_BLANK: Final = b"\r\n\r\n"


class Socket(asyncio.Protocol):
    """One user's socket. `ready` is done when the server says that it hears, or has the error if it never will."""

    __slots__ = (
        "_arrivals",
        "_dialect",
        "_gone",
        "_host",
        "_is_open",
        "_rest",
        "ready",
        "transport",
        "user",
    )

    transport: Any

    def __init__(
        self,
        user: User,
        host: str,
        dialect: Dialect,
        arrivals: Arrivals,
        gone: Callable[["Socket"], None],
    ) -> None:
        self.user = user
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._host, self._dialect, self._arrivals, self._gone = host, dialect, arrivals, gone
        self._is_open = False
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._dialect.request(self.user, self._host))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self._is_open:
            head, blank, data = data.partition(_BLANK)
            if not blank:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._fail(f"handshake refused: {head[:60]!r}")
                return
            self._is_open = True
            if not self._dialect.ready:
                self._succeed()
        whole, self._rest = frames.split(data)
        for opcode, payload in whole:
            if opcode == frames.TEXT:
                if not self._arrivals.note(self.user.id, payload):
                    self._other(payload)
            elif opcode == frames.PING:
                self.transport.write(frames.client(frames.PONG, payload))
            elif opcode == frames.CLOSE:
                self._fail(f"closed with {int.from_bytes(payload[:2])}")

    def _other(self, payload: bytes) -> None:
        if answer := self._dialect.answer(payload):
            self.transport.write(answer)
        if self._dialect.ready and self._dialect.ready in payload:
            self._succeed()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(f"connection lost: {error or 'closed by the server'}")
        self._gone(self)

    def _succeed(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)

    def _fail(self, why: str) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(why))
        self.transport.close()
