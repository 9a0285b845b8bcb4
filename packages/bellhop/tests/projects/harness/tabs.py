"""A page's socket as the client sees it: what it is sent, and why it was closed."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Self

from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from projects.harness.databases import redis_url

PATIENCE: Final = 20.0
"""Seconds: much less than a beat, or what was not rung would come all the same."""


async def until(condition: Callable[[], Any], *, patience: float = PATIENCE) -> None:
    """Wait until that is true."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)


def socket(ws: int, host: str, cookies: str, path: str, *, origin: str | None) -> connect:
    """Return a handshake as a proxy hands it on: meant for the page's `host`, sent to the port `ws`."""
    return connect(
        f"ws://{host}{path}",
        host="127.0.0.1",
        port=ws,
        origin=None if origin is None else Origin(origin),
        additional_headers={"Cookie": cookies},
        proxy=None,
        # As a browser: it sends no pings, and waits longer than this library does by itself.
        ping_interval=None,
        open_timeout=PATIENCE,
    )


class Tab:
    """A socket at /ws/notifications/, read until it is closed."""

    def __init__(
        self,
        handshake: Callable[[str], connect],
        *,
        prefix: str,
        again: bool,
    ) -> None:
        """`handshake` makes one for a path. `prefix` begins the names of the server's channels on Redis.

        `again`: it comes back after each loss, with what it has seen.
        """
        self.frames: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.opened = 0
        self._handshake = handshake
        self._prefix = prefix
        self._again = again
        self._user = ""

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        await until(lambda: self._user or self._reading.done())
        if self._reading.done():
            self._reading.result()
        else:
            await self.is_heard()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading

    @property
    def notifications(self) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == "notification"]

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.notifications]

    @property
    def ids(self) -> list[str]:
        return [frame["id"] for frame in self.notifications]

    @property
    def texts(self) -> list[str]:
        """The messages of what somebody wrote, without notifications of logins."""
        return [frame["message"] for frame in self.notifications if frame["kind"] == "message"]

    async def shows(self, *texts: str) -> None:
        """Wait until it has been sent these texts; fails where it was sent others, another order or one twice."""
        await until(lambda: len(self.texts) >= len(texts))
        assert self.texts == list(texts)

    async def _read(self) -> None:
        while True:
            with suppress(*([OSError, InvalidHandshake, InvalidMessage] if self._again else [])):
                await self._read_one()
            if not self._again:
                return
            await asyncio.sleep(0.05)

    async def _read_one(self) -> None:
        query = f"?after={self.seqs[-1]}" if self.seqs else ""
        async with self._handshake(f"/ws/notifications/{query}") as line:
            self.opened += 1
            await self._take(line)

    async def _take(self, line: ClientConnection) -> None:
        try:
            async for text in line:
                frame = json.loads(text)
                self.frames.append(frame)
                if frame["type"] == "ready":
                    # Behind the key of the account comes when it was made.
                    self._user = frame["user_key"].rpartition("-")[0]
        except ConnectionClosed:
            pass
        self.closed_with = line.close_code

    async def is_heard(self) -> None:
        """Wait until a ring reaches the socket's server: until it is subscribed, the beat alone would deliver."""
        pattern = f"{self._prefix}*notifications_{self._user}"
        async with Redis.from_url(redis_url()) as redis:
            deadline = time.monotonic() + PATIENCE
            while not await redis.pubsub_channels(pattern):
                assert time.monotonic() < deadline, "nobody subscribed"
                await asyncio.sleep(0.01)
