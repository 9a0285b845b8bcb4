"""A process's one subscription to Redis: told again and again what it is to hear, and renewed when it is deaf.

A link can be half-open: nothing fails, and nothing is heard. So the process sends itself a canary, which must come
back over the subscription; one that did not means a new subscription. Whatever goes wrong on the way, also what nobody
expects, is a link that is lost for a while.
"""

import asyncio
import time
import uuid
from contextlib import suppress
from typing import Any, Final

from channels_redis.pubsub import RedisSingleShardConnection
from redis.exceptions import RedisError

from bellhop.outage import Outage
from bellhop.ring.redis_subscription import Subscription

TIMEOUT: Final = 2.0
"""Seconds to connect to Redis and to write one command; tried twice, so a ring takes at most double."""

_RETRY: Final = 1.0
_EXPECTED: Final = (RedisError, OSError)
"""What a Redis raises that is away, time-outs among it. Anything else is a fault, and is logged with its traceback."""


class Link(RedisSingleShardConnection):
    """`_wanted` is what sockets wish to hear. One task keeps a subscription to all of it, whenever there is a Redis.

    `layer` hears what arrives: its `deliver(name, data)` is called for each message.
    """

    _receive_task: "asyncio.Future[None] | None"

    def __init__(self, host: dict[str, Any], layer: Any) -> None:
        super().__init__(host, layer)
        self._canary = f"{layer.prefix}canary.{uuid.uuid4().hex}"
        self._canary_sent: float | None = None
        self._wanted = {self._canary}
        self._subscription: Subscription | None = None
        # Set once the first attempt has succeeded or failed.
        self._tried = asyncio.Event()
        self._outage = Outage("layer_lost", "layer_back", note="the beat delivers meanwhile")

    async def subscribe(self, channel: str) -> None:
        """Hear a channel from now on. The very first one waits for the connection; while Redis is away nobody does."""
        if channel not in self._wanted:
            self._wanted.add(channel)
            if self._subscription is not None:
                self._subscription.subscribe([channel])
        self._ensure_receiver()
        await self._tried.wait()

    async def unsubscribe(self, channel: str) -> None:
        """Hear it no longer."""
        if channel in self._wanted:
            self._wanted.discard(channel)
            if self._subscription is not None:
                self._subscription.unsubscribe([channel])

    async def is_connected(self) -> bool:
        """Return whether Redis answers, and what it says is heard, as far as is known."""
        try:
            async with asyncio.timeout(TIMEOUT):
                self._ensure_receiver()
                await self._tried.wait()
                self._ensure_redis()
                await self._redis.ping()
                await self.probe()
        except Exception as error:
            if not isinstance(error, _EXPECTED):
                self._note_loss(error)
            return False
        return not self._outage.is_lost

    async def probe(self) -> None:
        """Send the canary, or, if the last one has not come back, take the link for lost."""
        if self._subscription is None:
            return
        now = time.monotonic()
        if self._canary_sent is None:
            self._canary_sent = now
            try:
                await self.publish(self._canary, b"")
            except Exception as error:
                self._note_loss(error)
        elif now - self._canary_sent > TIMEOUT:
            self._note_loss(TimeoutError("nothing is heard over the subscription"))

    def _heard(self, channel: bytes, data: bytes) -> None:
        name = channel.decode()
        if name == self._canary:
            self._canary_sent = None
        else:
            self.channel_layer.deliver(name, data)

    def _ensure_receiver(self) -> None:
        # What ends the task all the same (the parent asks for None only) must not leave handshakes waiting.
        if self._receive_task is not None and self._receive_task.done():
            self._receive_task = None
        super()._ensure_receiver()

    async def _do_receiving(self) -> None:
        # Nobody starts it again: as long as there is a loop it must go on, and handshakes wait for its first attempt.
        while True:
            try:
                self._ensure_redis()
                async with asyncio.timeout(2 * TIMEOUT):
                    subscription = await Subscription.open(self._redis.connection_pool, self._heard)
                await self._hear(subscription)
            except Exception as error:
                self._note_loss(error)
            await self._hang_up()
            await asyncio.sleep(_RETRY)

    async def _hear(self, subscription: Subscription) -> None:
        """Keep a subscription to all that is wanted until it ends."""
        subscription.subscribe(self._wanted)
        self._subscription, self._canary_sent = subscription, None
        self._tried.set()
        self._outage.worked(groups=len(self._wanted) - 1)
        try:
            await subscription.ended.wait()
        finally:
            self._subscription = None
            subscription.abort()
        self._note_loss(ConnectionError("Redis has closed the subscription"))

    async def _hang_up(self) -> None:
        # Other connections may look alive and be deaf, as the subscription was.
        with suppress(Exception):
            async with asyncio.timeout(TIMEOUT):
                await self._redis.connection_pool.disconnect()

    def _note_loss(self, error: BaseException) -> None:
        self._tried.set()
        self._outage.failed(error, exc_info=None if isinstance(error, _EXPECTED) else error)
        if self._subscription is not None:
            self._subscription.abort()
