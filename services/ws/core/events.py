"""What the server tells one application, in order."""

import asyncio
from typing import Any


class Events:
    """An `asyncio.Queue` for one reader, without the four deques that each idle socket would keep (3 kB)."""

    __slots__ = ("_reader", "_waiting")

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, event: dict[str, Any]) -> None:
        """Add an event; the reader, if it waits, goes on in a later turn of the loop."""
        self._waiting.append(event)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> dict[str, Any]:
        """Return the next event, as soon as there is one."""
        while not self._waiting:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._waiting.pop(0)
