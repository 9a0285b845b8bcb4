"""The channel layer: channels_redis's pub/sub layer, made unable to hurt a socket.

The stock layer raises into the consumer when Redis is away: no socket could be accepted, and each join
would wait for a time-out behind one lock. Here a socket's wish to hear a group is only written down; one
task per process brings Redis in line with the wishes, whenever there is a Redis. Until then the
beat serves the socket from the database.

A link can also be half-open: nothing fails, and nothing is heard. So the process sends itself a canary, which must come
back over the subscription; one that did not means a new subscription.

Known difference to the stock layer: a single channel hears only its own process (Bellhop sends to groups).
"""

import asyncio
import time
import uuid
from contextlib import suppress
from typing import Any, Final

import structlog
from channels_redis.pubsub import (
    RedisPubSubChannelLayer,
    RedisPubSubLoopLayer,
    RedisSingleShardConnection,
)
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

TIMEOUT: Final = 2.0
"""Seconds to connect to Redis and to write one command; tried twice, so a ring takes at most double."""

CAPACITY: Final = 1000
"""Events that may wait for one socket; beyond it they are dropped, and the beat reads what they told of."""

_POLL: Final = 0.1
_RETRY: Final = 1.0
_LOST = (RedisError, OSError, asyncio.TimeoutError)


class DoorbellLayer(RedisPubSubChannelLayer):
    """A CHANNEL_LAYERS backend; its CONFIG is ``{"url": "redis://…"}``."""

    def __init__(self, url: str, prefix: str = "bellhop", **options: Any) -> None:
        host = {
            "address": url,
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(hosts=[host], prefix=prefix, **options)

    def _get_layer(self) -> "_Loop":
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            # The parent registers the clean-up for this loop; what it made has not connected yet.
            super()._get_layer()
            self._layers[loop] = _Loop(*self._args, channel_layer=self, **self._kwargs)
        return self._layers[loop]

    async def is_connected(self) -> bool:
        """Return whether this process's link to Redis works right now: the layer's part of /healthz."""
        return await self._get_layer().link.is_connected()

    async def probe(self) -> None:
        """Notice a link that is deaf without an error, and renew it. Called every few seconds."""
        await self._get_layer().link.probe()


class _Mailbox(asyncio.Queue[Any]):
    """The events waiting for one socket. A full one drops: what a socket misses it reads from the database."""

    def put_nowait(self, item: Any) -> None:
        with suppress(asyncio.QueueFull):
            super().put_nowait(item)


class _Loop(RedisPubSubLoopLayer):
    """The layer of one event loop."""

    def __init__(self, hosts: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(hosts=hosts, **options)
        self.link = _Link(hosts[0], self)
        self._shards = [self.link]

    async def new_channel(self, prefix: str = "specific.") -> str:
        channel = f"{self.prefix}{prefix}{uuid.uuid4().hex}"
        self.channels[channel] = _Mailbox(CAPACITY)
        return channel

    async def receive(self, channel: str) -> Any:
        try:
            message = await self.channels[channel].get()
        except asyncio.CancelledError:
            # The consumer is gone: Channels has no other sign for it.
            self.channels.pop(channel, None)
            raise
        return self.channel_layer.deserialize(message)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        if channel in self.channels:
            self.channels[channel].put_nowait(self.channel_layer.serialize(message))


class _Link(RedisSingleShardConnection):
    """The process's one subscription. `_wanted` is what sockets wish to hear, `_subscribed_to` what Redis
    was told; `_reconcile` makes them equal and is tried until it succeeds.
    """

    def __init__(self, host: dict[str, Any], layer: _Loop) -> None:
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
        if message is not None and message["channel"] == self._canary.encode():
            self._canary_sent = None
        else:
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
        while True:
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
