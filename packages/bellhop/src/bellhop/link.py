"""A process's one subscription to Redis: told again and again what it is to hear, and renewed when it is deaf.

A link can be half-open: nothing fails, and nothing is heard. So the process sends itself a canary, which must come
back over the subscription; one that did not means a new subscription.
"""

import asyncio
import itertools
import time
import uuid
from contextlib import suppress
from typing import Any, Final

import structlog
from channels_redis.pubsub import RedisSingleShardConnection
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

TIMEOUT: Final = 2.0
"""Seconds to connect to Redis and to write one command; tried twice, so a ring takes at most double."""

_BATCH: Final = 32
"""Messages that are read in a row."""

_POLL: Final = 0.1
_RETRY: Final = 1.0
_LOST = (RedisError, OSError, asyncio.TimeoutError)


class Link(RedisSingleShardConnection):
    """`_wanted` is what sockets wish to hear, `_subscribed_to` what Redis was told; `_reconcile` makes them equal and
    is tried until it succeeds.

    `layer` hears what arrives: its `deliver(name, data)` is called for each message.
    """

    def __init__(self, host: dict[str, Any], layer: Any) -> None:
        super().__init__(host, layer)
        self._canary = f"{layer.prefix}canary.{uuid.uuid4().hex}"
        self._canary_sent: float | None = None
        self._wanted = {self._canary}
        self._lost = False

    async def subscribe(self, channel: str) -> None:
        self._wanted.add(channel)
        await self._bring_in_line()

    async def unsubscribe(self, channel: str) -> None:
        self._wanted.discard(channel)
        await self._bring_in_line()

    async def is_connected(self) -> bool:
        try:
            async with asyncio.timeout(TIMEOUT):
                self._ensure_redis()
                await self._redis.ping()
                await self.probe()
        except _LOST:
            return False
        return not self._lost

    async def probe(self) -> None:
        """Send the canary, or, if the last one has not come back, take the link for lost."""
        if self._lost or self._receive_task is None:
            return
        now = time.monotonic()
        if self._canary_sent is None:
            self._canary_sent = now
            try:
                await self.publish(self._canary, b"")
            except _LOST as error:
                self._note_loss(error)
        elif now - self._canary_sent > TIMEOUT:
            self._note_loss(TimeoutError("nothing is heard over the subscription"))

    def _receive_message(self, message: Any) -> None:
        if message is None:
            return
        name = message["channel"].decode()
        if name == self._canary:
            self._canary_sent = None
        elif not self.channel_layer.deliver(name, message["data"]):
            super()._receive_message(message)

    async def _bring_in_line(self) -> None:
        # While Redis is away nobody waits here: the receiver repeats it when Redis is back.
        self._ensure_redis()
        self._ensure_receiver()
        if self._lost:
            return
        try:
            await self._reconcile()
        except _LOST as error:
            self._note_loss(error)

    async def _reconcile(self) -> None:
        async with self._lock:
            if missing := self._wanted - self._subscribed_to:
                await self._pubsub.subscribe(*missing)
                self._subscribed_to |= missing
            if surplus := self._subscribed_to - self._wanted:
                await self._pubsub.unsubscribe(*surplus)
                self._subscribed_to -= surplus

    async def _hang_up(self) -> None:
        old: Any = self._pubsub
        self._pubsub: Any = self._redis.pubsub()
        self._subscribed_to.clear()
        self._canary_sent = None
        with suppress(*_LOST):
            async with asyncio.timeout(TIMEOUT):
                await old.aclose()
                await self._redis.connection_pool.disconnect()

    async def _do_receiving(self) -> None:
        for turn in itertools.count(1):
            if turn % _BATCH == 0:
                # While more has arrived than is read, none of the calls below gives way to anybody.
                await asyncio.sleep(0)
            try:
                if self._lost:
                    # One Redis that answers, then every subscription anew, all over new connections: the old
                    # ones may look alive and be deaf.
                    await self._hang_up()
                    await self._redis.ping()
                    await self._reconcile()
                    self._lost = False
                    log.info("layer_back", groups=len(self._wanted) - 1)
                if self._pubsub.subscribed:
                    self._receive_message(
                        await self._pubsub.get_message(
                            ignore_subscribe_messages=True, timeout=_POLL
                        )
                    )
                else:
                    await asyncio.sleep(_POLL)
            except _LOST as error:
                self._note_loss(error)
                await asyncio.sleep(_RETRY)

    def _note_loss(self, error: BaseException) -> None:
        if not self._lost:
            log.warning("layer_lost", error=str(error), note="the beat delivers meanwhile")
        self._lost = True
