"""The task that keeps replicas even: it tells the other socket processes how many sockets are here, hears theirs, and
closes what is here too much with 1012, as for a restart: whoever is told so comes back, by its cursor, and the load
balancer takes it to where there are fewest.

Nothing is kept in Redis or in the database: a message a period on a channel of this installation's. Who hears nobody
closes nothing.
"""

import asyncio
import random
import time
import uuid
from typing import Any, Final

from redis.exceptions import RedisError

from bellhop.conf import conf
from bellhop.contract import SOCKET_PROCESSES, SOCKETS_HERE
from bellhop.database.timeouts import availability
from bellhop.logs import get_logger
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.sockets.even_out.known_processes import PERIOD, KnownProcesses
from bellhop.sockets.even_out.shed_rounds import ShedRounds
from bellhop.sockets.open_sockets import Registry, registry

log = get_logger(__name__)


class EvenOut:
    """Evens out the sockets of a registry with those of other processes."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._own = uuid.uuid4().hex
        self._processes = KnownProcesses(self._own)
        self._rounds = ShedRounds()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with no socket yet: the others shall know that there is room here. Nothing without a Redis."""
        if conf.REDIS_URL:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def leave(self) -> None:
        """Say goodbye, so that nobody counts on this process, and close nothing more: whoever ends closes all."""
        if self._task is not None:
            self._task.cancel()
            self._task = asyncio.get_running_loop().create_task(self._tell(None))

    async def _run(self) -> None:
        await get_channel_layer().listen(SOCKET_PROCESSES, self._hear)
        while True:
            ends = time.monotonic() + PERIOD * random.uniform(0.9, 1.1)  # noqa: S311
            try:
                await self._tell(len(self._registry.sockets))
                await self._send_away(self._judge(), ends)
            except Exception:
                # Whatever it was, the next period may do better.
                log.exception("even_out_failed")
            await asyncio.sleep(ends - time.monotonic())

    def _hear(self, event: dict[str, Any]) -> None:
        if event.get("type") == SOCKETS_HERE:
            self._processes.hear(event, time.monotonic())

    async def _tell(self, sockets: int | None) -> None:
        """Say how many sockets are here, None for goodbye; nothing while the database, and so nobody, can be let in."""
        if availability.is_lost and sockets is not None:
            return
        event = {"type": SOCKETS_HERE, "process": self._own, "sockets": sockets}
        try:
            await get_channel_layer().group_send(SOCKET_PROCESSES, event)
        except (RedisError, OSError):
            # Not heard by itself either, it closes nothing. That Redis is away is said by the link.
            return

    def _judge(self) -> int:
        now = time.monotonic()
        figures = self._processes.figures(len(self._registry.sockets), now)
        return self._rounds.send_away(
            figures._replace(is_live=figures.is_live and not availability.is_lost), now
        )

    async def _send_away(self, count: int, ends: float) -> None:
        """Close so many until the period ends, at moments that are evenly and randomly spread over it."""
        began = time.monotonic()
        moments = sorted(random.uniform(began, ends) for _ in range(count))  # noqa: S311
        # The oldest: whoever came back here is the last to be sent away again.
        for moment, socket in zip(moments, self._registry.oldest(count), strict=False):
            await asyncio.sleep(moment - time.monotonic())
            socket.send_away()


even_out: Final = EvenOut(registry)
