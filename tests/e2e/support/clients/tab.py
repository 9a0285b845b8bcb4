"""What a page does, without a browser: it comes back after every close, from the last seq it has shown."""

import asyncio
import time
from typing import Any

import websockets

from support.clients.visitor import Frame, Socket, Visitor


class Tab:
    """One tab: all it has shown, and the close codes it has met."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.shown: list[Frame] = []
        self.closes: list[int | None] = []
        self.closed_at: list[float] = []
        self.socket: Socket | None = None
        self._life = asyncio.create_task(self._live())

    async def _live(self) -> None:
        while True:
            after = f"?after={self.shown[-1]['seq']}" if self.shown else ""
            try:
                self.socket = await self.visitor.socket(after)
            except (websockets.InvalidHandshake, OSError):
                await asyncio.sleep(0.5)
                continue
            # The socket's own list becomes part of what was shown, whenever it ends.
            taken = 0
            while True:
                notifications = self.socket.notifications
                self.shown += notifications[taken:]
                taken = len(notifications)
                if self.socket.closed_with is not None:
                    break
                await asyncio.sleep(0.05)
            self.closes.append(self.socket.closed_with)
            self.closed_at.append(self.socket.closed_at)

    @property
    def is_open(self) -> bool:
        return self.socket is not None and self.socket.closed_with is None

    async def leave(self) -> None:
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)

    @property
    def messages(self) -> list[str]:
        return [frame["message"] for frame in self.shown]

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.shown]


async def until(condition: Any, timeout: float, what: str) -> None:
    """Wait until the condition holds; AssertionError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        await asyncio.sleep(0.1)


def are_complete(tabs: list[Tab]) -> bool:
    """Return whether each has shown everything of its owner's, once and in order, and nothing of anybody else's."""
    return all(
        tab.seqs == list(range(1, len(tab.seqs) + 1))
        and all(tab.visitor.username in message for message in tab.messages)
        for tab in tabs
    )
