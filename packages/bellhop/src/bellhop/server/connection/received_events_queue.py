"""What the server tells one application, in order."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

EVENTS: Final = 64
"""Events that may wait for one application, and"""

BYTES: Final = 65_536
"""bytes of text in them, before no more is read from its client."""


class Events:
    """An `asyncio.Queue` for one reader, without the four deques that each idle socket would keep (3 kB).

    It refuses nothing: whoever puts asks `is_full`, and then waits for room.
    """

    __slots__ = ("_bytes", "_reader", "_tell", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._bytes = 0
        self._reader: asyncio.Future[None] | None = None
        self._tell: Callable[[], None] | None = None

    def put_nowait(self, event: dict[str, Any]) -> None:
        """Add an event; the reader, if it waits, goes on in a later turn of the loop."""
        self._waiting.append(event)
        self._bytes += _size(event)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    @property
    def is_full(self) -> bool:
        """Whether the reader is behind."""
        return len(self._waiting) >= EVENTS or self._bytes >= BYTES

    def when_half_empty(self, tell: Callable[[], None]) -> None:
        """Call `tell` once, as soon as the reader has caught up by half."""
        self._tell = tell

    async def get(self) -> dict[str, Any]:
        """Return the next event, as soon as there is one."""
        while not self._waiting:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        event = self._waiting.pop(0)
        self._bytes -= _size(event)
        if self._tell is not None and self._is_half_empty():
            tell, self._tell = self._tell, None
            tell()
        return event

    def _is_half_empty(self) -> bool:
        return len(self._waiting) <= EVENTS // 2 and self._bytes <= BYTES // 2


def _size(event: dict[str, Any]) -> int:
    return len(event.get("text") or event.get("bytes") or ())
