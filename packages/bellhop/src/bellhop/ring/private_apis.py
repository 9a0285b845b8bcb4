"""What this room uses of channels_redis and redis-py that they do not promise, in one place.

- `RedisPubSubChannelLayer._get_layer` and `_layers`, so that the layer of an event loop is of our class. Without them
  joins raise into the consumer while Redis is away.
- `RedisPubSubLoopLayer._shards`, so that a process has one link instead of theirs. Without it a half-open connection
  makes every socket deaf.
- `RedisPubSubLoopLayer._get_group_channel_name`, which a publisher without an event loop must spell alike. Without it
  nobody hears a ring.
- `Connection._writer` of redis-py, so that the bytes of a subscription are read where they arrive. Without it each
  connect is an error.

tests/rows/ring/test_private_apis.py uses each against the real thing, and both packages are capped in pyproject.toml.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from redis.asyncio.connection import ConnectionPool


class LayerOfLoops(RedisPubSubChannelLayer):
    """channels_redis's layer, whose part for one event loop is made by `make_loop_layer`."""

    def make_loop_layer(self) -> "LoopLayer":
        """Return the part for the running event loop."""
        raise NotImplementedError

    def loop_layer(self) -> Any:
        """Return the part for the running event loop, made at the first call."""
        return self._get_layer()

    def _get_layer(self) -> Any:
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            # The parent registers the clean-up for this loop; what it made has not connected yet.
            super()._get_layer()
            self._layers[loop] = self.make_loop_layer()
        return self._layers[loop]


class LoopLayer(RedisPubSubLoopLayer):
    """channels_redis's layer of one event loop, on one link to Redis that is given to it.

    `link` has the coroutines `subscribe(channel)`, `unsubscribe(channel)`, `publish(channel, data)` and `flush()`.
    """

    def __init__(self, prefix: str, channel_layer: Any, link: Any) -> None:
        super().__init__(prefix=prefix, channel_layer=channel_layer)
        self._shards = [link]

    def group_channel(self, group: str) -> str:
        """Return the Redis channel of a group."""
        return str(self._get_group_channel_name(group))


def group_channel(prefix: str, group: str) -> str:
    """Return what `LoopLayer.group_channel` returns, for callers without an event loop."""
    return f"{prefix}__group__{group}"


async def raw_transport(
    pool: ConnectionPool, protocol: Callable[[], asyncio.Protocol]
) -> tuple[asyncio.Transport, Any, Any]:
    """Return the transport of a new connection, its protocol, and what keeps it open.

    redis-py makes the connection, with address, password and TLS; then the protocol gets its bytes. Raises RedisError
    or OSError.
    """
    connection: Any = pool.make_connection()
    await connection.connect()
    transport: asyncio.Transport = connection._writer.transport
    made = protocol()
    transport.set_protocol(made)
    return transport, made, connection
