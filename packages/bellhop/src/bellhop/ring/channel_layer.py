"""The channel layer: channels_redis's pub/sub layer, made unable to hurt a socket.

The stock layer raises into the consumer when Redis is away: no socket could be accepted, and each join
would wait for a time-out behind one lock. Here a socket's wish to hear a group is only written down; one
task per process brings Redis in line with the wishes, whenever there is a Redis. Until then the
beat serves the socket from the database.

A socket need not have a channel of its own: `listen` hands each event of a group to a function, decoded once for all
who listen, without a queue or a task for each.

Known difference to the stock layer: a single channel hears only its own process (Bellhop sends to groups).
"""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property
from typing import Any, Final

from redis import Redis

from bellhop.conf import conf, prefix
from bellhop.logs import get_logger
from bellhop.ring.private_apis import LayerOfLoops, LoopLayer, group_channel
from bellhop.ring.redis_client import redis_client
from bellhop.ring.renew_redis_subscription import TIMEOUT, RedisLink

log = get_logger(__name__)

type Layer = DoorbellLayer | NoLayer


def get_channel_layer() -> Layer:
    """Return the channel layer of this installation, which is none of the project's CHANNEL_LAYERS.

    For unsaved messages too: ``get_channel_layer().group_send(user_group(user.pk), {"type": "send.notification",
    "message": "hi"})`` reaches that user's open sockets at once, and is kept nowhere.
    """
    return _layer(conf.REDIS_URL, prefix())


@cache
def _layer(url: str, prefix: str) -> Layer:
    return DoorbellLayer(url, prefix) if url else NoLayer()


CAPACITY: Final = 1000
"""Events that may wait for one socket; beyond it they are dropped, and the beat reads what they told of."""

Listener = Callable[[dict[str, Any]], None]
"""Takes an event, which it must not change: others get the same one."""


class DoorbellLayer(LayerOfLoops):
    """A CHANNEL_LAYERS backend; its CONFIG is ``{"url": "redis://…", "prefix": "…"}``.

    Every channel begins with the prefix: pub/sub knows no database numbers, and another project on the same Redis
    must neither hear nor ring these sockets.
    """

    def __init__(self, url: str, prefix: str = "bellhop", **options: Any) -> None:
        super().__init__(hosts=[{"address": url}], prefix=prefix, **options)
        self._url = url
        self._prefix = prefix

    def make_loop_layer(self) -> "_Loop":
        return _Loop(self._url, self._prefix, self)

    @cached_property
    def _publisher(self) -> Redis:
        return redis_client(self._url, timeout=TIMEOUT, retries=1)

    def publish(self, *events: tuple[str, dict[str, Any]]) -> None:
        """Do `group_send` for each (group, message), in one round trip, for callers without an event loop.

        Through async_to_sync each would cost a loop and a connection of its own. Raises RedisError or OSError if
        Redis is away.
        """
        with self._publisher.pipeline(transaction=False) as pipeline:
            for group, message in events:
                pipeline.publish(group_channel(self._prefix, group), self.serialize(message))
            pipeline.execute()

    async def is_connected(self) -> bool:
        """Return whether this process's link to Redis works right now: the layer's part of /readyz."""
        return await self.loop_layer().link.is_connected()

    async def probe(self) -> None:
        """Notice a link that is deaf without an error, and renew it. Called every few seconds."""
        await self.loop_layer().link.probe()

    async def listen(self, group: str, listener: Listener) -> None:
        """Call `listener` with each event of the group from now on, in this loop, until `unlisten`."""
        await self.loop_layer().listen(group, listener)

    async def unlisten(self, group: str, listener: Listener) -> None:
        """Undo `listen`; nothing happens if it was not called."""
        await self.loop_layer().unlisten(group, listener)


class NoLayer:
    """What stands in for the layer of a project without Redis: nobody hears anything, and the beat delivers."""

    def publish(self, *events: tuple[str, dict[str, Any]]) -> None:
        """Do nothing."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Do nothing."""

    async def is_connected(self) -> bool:
        """Return True: nothing that was asked for is missing."""
        return True

    async def probe(self) -> None:
        """Do nothing."""

    async def listen(self, group: str, listener: Listener) -> None:
        """Do nothing."""

    async def unlisten(self, group: str, listener: Listener) -> None:
        """Do nothing."""


class _Mailbox(asyncio.Queue[Any]):
    """The events waiting for one socket. A full one drops: what a socket misses it reads from the database."""

    def put_nowait(self, item: Any) -> None:
        with suppress(asyncio.QueueFull):
            super().put_nowait(item)


class _Loop(LoopLayer):
    """The layer of one event loop."""

    def __init__(self, url: str, prefix: str, layer: DoorbellLayer) -> None:
        self.link = RedisLink(url, prefix=prefix, deliver=self.deliver)
        super().__init__(prefix, layer, self.link)
        self._listeners: dict[str, list[Listener]] = {}

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

    async def listen(self, group: str, listener: Listener) -> None:
        name = self.group_channel(group)
        self._listeners.setdefault(name, []).append(listener)
        await self.link.subscribe(name)

    async def unlisten(self, group: str, listener: Listener) -> None:
        name = self.group_channel(group)
        listeners = self._listeners.get(name, [])
        if listener in listeners:
            listeners.remove(listener)
            if not listeners:
                del self._listeners[name]
                if name not in self.groups:
                    await self.link.unsubscribe(name)

    async def group_discard(self, group: str, channel: str) -> None:
        await super().group_discard(group, channel)
        name = self.group_channel(group)
        if name in self._listeners:
            await self.link.subscribe(name)

    def deliver(self, name: str, data: bytes) -> None:
        """Hand an event to everyone who listens to a group, and into the queue of each channel that is in it."""
        if listeners := self._listeners.get(name):
            try:
                event = self.channel_layer.deserialize(data)
                if not isinstance(event, dict):
                    raise TypeError(f"an event is a dictionary, not {type(event).__name__}")
            except Exception as error:
                log.warning("event_unreadable", group=name, error=repr(error))
                return
            for listener in tuple(listeners):
                listener(event)
        for channel in self.groups.get(name, ()):
            if channel in self.channels:
                self.channels[channel].put_nowait(data)
