"""Clients that open a socket and then do not read, or hardly. No library would behave like that."""

import asyncio
import base64
import contextlib
import os
import socket
import struct
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

from support.clients.raw import CLOSE, TEXT, frame
from support.clients.visitor import Visitor
from support.gateway import GATEWAY_HOST, GATEWAY_PORT, PUBLIC_HOST, PUBLIC_URL

RECEIVE_BUFFER = 4096
"""Bytes; small, so that what is not read is soon the server's to keep."""


class SlowSocket:
    """An open WebSocket that reads only what it is told to; use as an async context manager.

    `at`, host:port, names another nginx than the stack's.
    """

    def __init__(self, visitor: Visitor, after: int = 0, *, at: str = "") -> None:
        self._visitor = visitor
        self._after = after
        host, _, port = at.partition(":")
        self._gateway = (host or GATEWAY_HOST, int(port or GATEWAY_PORT))
        self.received = bytearray()
        self._socket = socket.socket()

    async def __aenter__(self) -> Self:
        # Before the connect: it decides the window that is offered.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._socket.bind((self._visitor.address, 0))
        self._socket.setblocking(False)
        loop = asyncio.get_running_loop()
        host, port = self._gateway
        await loop.sock_connect(self._socket, (socket.gethostbyname(host), port))
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET /ws/notifications/?after={self._after} HTTP/1.1\r\n"
            f"Host: {PUBLIC_HOST}\r\nOrigin: {PUBLIC_URL}\r\n"
            f"Cookie: sessionid={self._visitor.cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await loop.sock_sendall(self._socket, head.encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += await asyncio.wait_for(loop.sock_recv(self._socket, 1), 20)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()

    async def trickle(self) -> None:
        """Read one byte a second, for ever."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ConnectionError):
            while byte := await loop.sock_recv(self._socket, 1):
                self.received += byte
                await asyncio.sleep(1)

    async def chatter(self) -> None:
        """Send a tiny frame every three seconds, which says nothing about reading."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while True:
                await loop.sock_sendall(self._socket, frame(TEXT, b'{"type": "x"}'))
                await asyncio.sleep(3)

    async def read_all(self, timeout: float, until: bytes = b"") -> None:
        """Read as fast as it goes, until the server has closed or those bytes came."""
        loop = asyncio.get_running_loop()
        deadline = time.monotonic() + timeout
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
        with contextlib.suppress(ConnectionError):
            while not until or until not in self.received:
                left = deadline - time.monotonic()
                data = await asyncio.wait_for(loop.sock_recv(self._socket, 65536), left)
                if not data:
                    return
                self.received += data

    @property
    def is_open(self) -> bool:
        """Whether the connection still stands, as this machine's kernel knows without reading from it."""
        established = 1
        return bool(
            self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == established
        )

    def frames(self) -> list[tuple[int, bytes]]:
        """Return what was received as (opcode, payload); the last one may be cut off."""
        found, data = [], bytes(self.received)
        while len(data) >= 2:
            length, start = data[1] & 0x7F, 2
            if length == 126:
                length, start = int.from_bytes(data[2:4]), 4
            elif length == 127:
                length, start = int.from_bytes(data[2:10]), 10
            if len(data) < start + length:
                break
            found.append((data[0] & 0x0F, data[start : start + length]))
            data = data[start + length :]
        return found

    @property
    def closed_with(self) -> int:
        """The close code among what was received, or 1006."""
        codes = [payload[:2] for opcode, payload in self.frames() if opcode == CLOSE]
        return int(struct.unpack("!H", codes[0])[0]) if codes else 1006


@asynccontextmanager
async def opened(sockets: Sequence[SlowSocket]) -> AsyncIterator[Sequence[SlowSocket]]:
    """Open all of them, and close them at the end."""
    async with AsyncExitStack() as stack:
        for one in sockets:
            await stack.enter_async_context(one)
        yield sockets
