"""The channel layer: channels_redis's pub/sub layer, made unable to hurt a socket.

The stock layer raises into the consumer when Redis is away: no socket could be accepted, and each join
would wait for a time-out behind one lock. Here a socket's wish to hear a group is only written down; one
task per process brings Redis in line with the wishes, whenever there is a Redis. Until then the
beat serves the socket from the database.

Known difference to the stock layer: a single channel hears only its own process (Bellhop sends to groups).
"""

import asyncio
import uuid
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


class _Loop(RedisPubSubLoopLayer):
    """The layer of one event loop."""

    def __init__(self, hosts: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(hosts=hosts, **options)
        self.link = _Link(hosts[0], self)
        self._shards = [self.link]

    async def new_channel(self, prefix: str = "specific.") -> str:
        channel = f"{self.prefix}{prefix}{uuid.uuid4().hex}"
        self.channels[channel] = asyncio.Queue()
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
        self._wanted: set[str] = set()
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
        except _LOST:
            return False
        return not self._lost

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

    async def _do_receiving(self) -> None:
        while True:
            try:
                if self._lost:
                    # One Redis that answers, then every subscription anew: redis-py repeats those it
                    # remembers, and _reconcile those it never heard of.
                    await self._redis.ping()
                    await self._reconcile()
                    self._lost = False
                    log.info("layer_back", groups=len(self._wanted))
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
