"""The consumer's way out: frames as text, unless the socket is closing or its reader is behind."""

from typing import Any, Final

from bellhop.contract import CloseCode
from bellhop.sockets import client_frames

PAUSED: Final = "bellhop.paused"
"""ASGI extension: a function that tells whether too much is unsent; nothing must be sent while it is."""

WRITE: Final = "bellhop.write"
"""ASGI extension: a function that writes a text frame's bytes at once, without a turn through the server's queue; with
True behind them it asks for a sign of life."""

WRITABLE: Final = "socket.writable"
"""ASGI event: what was unsent has gone."""


class Line:
    """One socket's way out. A server without the extensions (in tests) is never full, and is sent ASGI messages."""

    def __init__(self, scope: dict[str, Any], send: Any) -> None:
        self._send = send
        extensions = scope.get("extensions", {})
        self._paused = extensions.get(PAUSED, lambda: False)
        self._write = extensions.get(WRITE)
        self._accepted = False
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether the reader is behind: what is sent now would only pile up."""
        return bool(self._paused())

    async def accept(self) -> None:
        """Open the socket. Refusals too: a browser sees a close code only on a socket that was open."""
        if not self._accepted:
            self._accepted = True
            await self._send({"type": "websocket.accept"})

    async def write(self, frame: Any, asks: bool = False) -> None:
        """Send one JSON object, unless the socket is closing; with `asks`, with a ping behind it."""
        if self.is_closed:
            return
        if self._write is not None:
            self._write(client_frames.encode(frame), asks)
        else:
            text = client_frames.encode(frame).decode()
            await self._send({"type": "websocket.send", "text": text})

    async def close(self, code: CloseCode) -> None:
        """Close it, once."""
        if not self.is_closed:
            self.is_closed = True
            await self._send({"type": "websocket.close", "code": int(code)})
