"""One WebSocket as the server sees it, and as its application is given it.

Each of the classes below it is one subject: answers for broken clients, what is read, what is unsent, signs of life.
"""

from collections.abc import Callable
from typing import Any

from bellhop.contract import CloseCode
from bellhop.server.connection.pings import PingedProtocol
from bellhop.server.private_apis import has_unsent, is_open, send_close, write_to_kernel


class SocketProtocol(PingedProtocol):
    """Writes frames straight to the kernel."""

    def write_text(self, payload: bytes, asks: bool = False) -> None:
        """Write a text frame, unless the socket is closing; of any size, which sendMessage() would refuse.

        With `asks` a ping goes along, in the same write.
        """
        if not is_open(self):
            return
        data = _text_head(len(payload)) + payload
        if asks:
            data += self.ping()
        if not has_unsent(self.transport):
            data = write_to_kernel(self.transport, data)
        if data:
            self.transport.write(data)

    def serverSend(self, content: Any, binary: bool = False) -> None:
        """What daphne calls for ASGI's websocket.send, which this service does not use."""
        if binary:
            self.sendFrame(opcode=2, payload=content)
        else:
            self.write_text(content.encode())


class SocketWire:
    """A socket's `bellhop.sockets.line.outbound.Wire`."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: SocketProtocol) -> None:
        self._protocol = protocol

    @property
    def is_full(self) -> bool:
        """Whether more than the bound is unsent."""
        return self._protocol.is_paused

    def write(self, text: bytes) -> None:
        """Write a text frame, unless the socket is closing."""
        self._protocol.write_text(text)

    def write_and_ask(self, text: bytes) -> None:
        """Write a text frame with a ping behind it, unless the socket is closing."""
        self._protocol.write_text(text, asks=True)

    def send_away(self) -> None:
        """Close with 1012, unless the socket is closing."""
        if is_open(self._protocol):
            send_close(self._protocol, int(CloseCode.RESTARTING))

    def on_writable(self, tell: Callable[[], None]) -> None:
        """Call `tell` each time that everything has gone."""
        self._protocol.tell_writable = tell


def _text_head(length: int) -> bytes:
    """Return the head of a whole, unmasked text frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((0x81, length))
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2)
    return b"\x81\x7f" + length.to_bytes(8)
