"""The consumer's way out: frames as text, unless the socket is closing or its reader is behind."""

from collections.abc import Callable
from typing import Any, Final, Protocol

from bellhop.contract import CloseCode
from bellhop.sockets import check_client_frames

WIRE: Final = "bellhop.wire"
"""The ASGI extension in which the server hands an application the `Wire` of its socket."""


class Wire(Protocol):
    """One socket, as its server gives it to the application: what goes out, and when it may. Nothing here blocks."""

    @property
    def is_full(self) -> bool:
        """Whether too much is unsent; nothing must be written while it is."""

    def write(self, text: bytes) -> None:
        """Write a text frame at once, without a turn through the server's queue."""

    def write_and_ask(self, text: bytes) -> None:
        """The same, with a ping behind it; who answers none in time is closed by the server."""

    def send_away(self) -> None:
        """Close with 1012, which an application may not send."""

    def on_writable(self, tell: Callable[[], None]) -> None:
        """Call `tell` each time that all of what was unsent has gone, until the connection ends."""


class Line:
    """One socket's way out. A server without a wire (in tests) is never full, and is sent ASGI messages."""

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        self._send = send
        self._wire: Wire | None = scope.get("extensions", {}).get(WIRE)
        self._accepted = False
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether the reader is behind: what is sent now would only pile up."""
        return self._wire is not None and self._wire.is_full

    def on_writable(self, tell: Callable[[], None]) -> None:
        """Call `tell` each time that a reader who was behind has taken everything."""
        if self._wire is not None:
            self._wire.on_writable(tell)

    async def accept(self) -> None:
        """Open the socket. Refusals too: a browser sees a close code only on a socket that was open."""
        if not self._accepted:
            self._accepted = True
            await self._send({"type": "websocket.accept"})

    async def write(self, frame: Any, asks: bool = False) -> None:
        """Send one JSON object, unless the socket is closing; with `asks`, with a ping behind it."""
        if self.is_closed:
            return
        text = check_client_frames.encode(frame)
        if self._wire is None:
            await self._send({"type": "websocket.send", "text": text.decode()})
        elif asks:
            self._wire.write_and_ask(text)
        else:
            self._wire.write(text)

    def send_away(self) -> None:
        """Close it with 1012; nothing without a wire."""
        if self._wire is not None and not self.is_closed:
            self.is_closed = True
            self._wire.send_away()

    async def close(self, code: CloseCode) -> None:
        """Close it, once."""
        if not self.is_closed:
            self.is_closed = True
            await self._send({"type": "websocket.close", "code": int(code)})
