"""A WebSocket by hand: frames that no library would send."""

import asyncio
import base64
import os
import struct
from typing import Self

from support.clients.visitor import Visitor
from support.gateway import GATEWAY_HOST, GATEWAY_PORT, PUBLIC_HOST, PUBLIC_URL

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RESERVED = 0x80, 0x70


def frame(opcode: int, payload: bytes, *, bits: int = FIN, masked: bool = True) -> bytes:
    """Return one frame (RFC 6455, section 5.2); `bits` are FIN and the reserved ones."""
    length = len(payload)
    if length < 126:
        size = struct.pack("!B", length | (0x80 if masked else 0))
    elif length < 2**16:
        size = struct.pack("!BH", 126 | (0x80 if masked else 0), length)
    else:
        size = struct.pack("!BQ", 127 | (0x80 if masked else 0), length)
    # A mask of zeros is a mask, and leaves the payload as it is.
    return bytes([bits | opcode]) + size + (b"\0" * 4 if masked else b"") + payload


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return a server's next frame: opcode and payload; IncompleteReadError or ConnectionError if it hangs up."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
    elif length == 127:
        (length,) = struct.unpack("!Q", await reader.readexactly(8))
    return first & 0x0F, await reader.readexactly(length)


def close_code(payload: bytes) -> int:
    """Return the code in a close frame, 1005 if it has none."""
    return int.from_bytes(payload[:2]) if payload else 1005


class RawSocket:
    """An open WebSocket whose bytes are ours; use as an async context manager."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            GATEWAY_HOST, GATEWAY_PORT, local_addr=(self._visitor.address, 0)
        )
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            (
                "GET /ws/notifications/ HTTP/1.1\r\n"
                f"Host: {PUBLIC_HOST}\r\nOrigin: {PUBLIC_URL}\r\n"
                f"Cookie: sessionid={self._visitor.cookie}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def send(self, data: bytes) -> None:
        """Write bytes; a peer that has closed already is no error here."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            pass

    async def read(self) -> tuple[int, bytes]:
        """Return the next frame's opcode and payload."""
        return await read_frame(self._reader)

    async def closed_with(self, timeout: float) -> int:
        """Read until the server closes; return its close code, or 1006 if it just hung up."""
        async with asyncio.timeout(timeout):
            try:
                while True:
                    opcode, payload = await self.read()
                    if opcode == CLOSE:
                        return close_code(payload)
            except (asyncio.IncompleteReadError, ConnectionError):
                return 1006
