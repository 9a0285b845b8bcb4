"""A process's one subscription to Redis: told again and again what it is to hear, and renewed when it is deaf.

A link can be half-open: nothing fails, and nothing is heard. So the process sends itself a canary, which must come
back over the subscription; one that did not means a new subscription. Whatever goes wrong on the way, also what nobody
expects, is a link that is lost for a while.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bellhop.outage import Outage
from bellhop.ring.redis_pubsub_connection import Subscription

TIMEOUT: Final = 2.0
"""Seconds to connect to Redis and to write one command; tried twice, so a ring takes at most double."""

_RETRY: Final = 1.0
_EXPECTED: Final = (RedisError, OSError)
"""What a Redis raises that is away, time-outs among it. Anything else is a fault, and is logged with its traceback."""


class RedisLink:
    """This process's link to Redis: one task keeps a subscription to all that sockets wish to hear, whenever it can.

    `deliver(channel, data)` is called for each message that arrives, within the read that brought it.
    """

    def __init__(self, url: str, *, prefix: str, deliver: Callable[[str, bytes], None]) -> None:
        self._deliver = deliver
        # Made anew after `flush`: another event loop may use it then.
        self._connect = partial(
            Redis.from_url,
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 1),
        )
        self._redis: Redis | None = None
        self._publishing = asyncio.Lock()
        self._receiver: asyncio.Task[None] | None = None
        self._canary = f"{prefix}canary.{uuid.uuid4().hex}"
        self._canary_sent: float | None = None
        self._wanted = {self._canary}
        self._subscription: Subscription | None = None
        # Set once the first attempt has succeeded or failed.
        self._tried = asyncio.Event()
        self._outage = Outage("layer_lost", "layer_back", note="the beat delivers meanwhile")

    async def publish(self, channel: str, data: bytes) -> None:
        """Send a message to a channel, one at a time. Raises RedisError or OSError."""
        async with self._publishing:
            await self._client().publish(channel, data)

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
                await self._client().ping()
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
            self._deliver(name, data)

    async def flush(self) -> None:
        """Hang up. What is wanted is heard again from the next call on."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.cancel()
            with suppress(asyncio.CancelledError):
                await receiver
        redis, self._redis = self._redis, None
        if redis is not None:
            # Else it would be closed when it goes, by a loop that does not run any more.
            await redis.aclose()

    def _client(self) -> Redis:
        if self._redis is None:
            self._redis = self._connect()
        return self._redis

    def _ensure_receiver(self) -> None:
        # What ended the task all the same must not leave handshakes waiting.
        if self._receiver is None or self._receiver.done():
            self._receiver = asyncio.ensure_future(self._receive())

    async def _receive(self) -> None:
        # Nobody starts it again: as long as there is a loop it must go on, and handshakes wait for its first attempt.
        while True:
            try:
                pool = self._client().connection_pool
                async with asyncio.timeout(2 * TIMEOUT):
                    subscription = await Subscription.open(pool, self._heard)
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
                await self._client().connection_pool.disconnect()

    def _note_loss(self, error: BaseException) -> None:
        self._tried.set()
        self._outage.failed(error, exc_info=None if isinstance(error, _EXPECTED) else error)
        if self._subscription is not None:
            self._subscription.abort()
