"""Many sockets at once: opened a few at a time, read, counted, closed."""

import asyncio
import gc
import socket
import time
from collections.abc import Sequence

from bench.load.arrivals import Arrivals
from bench.load.dialects import Dialect, User
from bench.load.sockets import Socket

AT_ONCE = 50
"""Handshakes under way: Twisted's backlog, which the tutorial version listens with."""

READY_SECONDS = 30.0
ATTEMPTS = 5
AGAIN_SECONDS = 0.5
QUIET_SECONDS = 1.0
"""Without an arrival for so long, the rest is lost."""


class Crowd:
    """The sockets of one measurement, one a user, all through one nginx."""

    def __init__(self, address: tuple[str, int], host: str, dialect: Dialect) -> None:
        # Looked up once: a name server is no part of this.
        self._address = (socket.gethostbyname(address[0]), address[1])
        self._host = host
        self._dialect = dialect
        self.arrivals = Arrivals()
        self.sockets: set[Socket] = set()
        self.refused = 0
        """Handshakes of open() that ended without a socket."""
        self.dropped = 0
        """Sockets that ended although nobody here closed them."""

    async def open(self, users: Sequence[User]) -> None:
        """Open a socket for each user; who is refused comes again, as a client would, and is counted.

        ConnectionError if one was refused too often.
        """
        waiting = list(reversed(users))

        async def work() -> None:
            while waiting:
                await self._open_in_the_end(waiting.pop())

        await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(waiting)))))

    def calm(self) -> None:
        """Let the garbage collector look through the sockets now, and not in the middle of a measurement."""
        gc.collect()
        gc.freeze()

    async def _open_in_the_end(self, user: User) -> None:
        for _ in range(ATTEMPTS - 1):
            try:
                await self.open_one(user)
                return
            except ConnectionError:
                self.refused += 1
                await asyncio.sleep(AGAIN_SECONDS)
        await self.open_one(user)

    async def open_one(self, user: User) -> Socket:
        """Open one socket and wait until it hears."""
        loop = asyncio.get_running_loop()
        _, one = await loop.create_connection(
            lambda: Socket(user, self._host, self._dialect, self.arrivals, self._gone),
            *self._address,
        )
        self.sockets.add(one)
        try:
            async with asyncio.timeout(READY_SECONDS):
                await one.ready
        except (OSError, TimeoutError):
            # It never was one.
            self.sockets.discard(one)
            one.transport.abort()
            raise
        return one

    def _gone(self, one: Socket) -> None:
        if one in self.sockets:
            self.sockets.remove(one)
            self.dropped += 1

    async def emptied(self, longest: float) -> None:
        """Wait until every socket was lost, or for so many seconds."""
        deadline = time.monotonic() + longest
        # Looked at now and then: a thousand sockets are lost at once, and nothing should run for each.
        while self.sockets and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Close all, without a goodbye, and let the server notice."""
        closing, self.sockets = self.sockets, set()
        for one in closing:
            one.transport.abort()
        gc.unfreeze()
        await asyncio.sleep(0.5)

    async def settle(self, longest: float = 15.0, quiet: float = QUIET_SECONDS) -> None:
        """Wait until all that is expected has arrived, or until it got quiet, or for so many seconds."""
        deadline = time.monotonic() + longest
        arrived, since = self.arrivals.arrived, time.monotonic()
        while not self.arrivals.is_complete and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            if self.arrivals.arrived != arrived:
                arrived, since = self.arrivals.arrived, time.monotonic()
            elif time.monotonic() - since > quiet:
                return
