"""One connection to Redis that hears channels. redis-py makes it, with address, password and TLS; then its bytes
come here.

redis-py's own pub/sub makes a coroutine, a time-out and a dictionary for each message. Here a message is handed on from
within the read that brought it.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final, Self, cast

import hiredis
from redis.asyncio.connection import ConnectionPool

from bellhop.logs import get_logger
from bellhop.ring.private_apis import raw_transport

log = get_logger(__name__)

Deliver = Callable[[bytes, bytes], None]
"""Takes the channel's name and a message's bytes."""

_MESSAGE: Final = b"message"


class Subscription(asyncio.Protocol):
    """Hears what it subscribes to until `ended`: by the other side, by `abort`, or by bytes that are no Redis's."""

    _transport: asyncio.Transport
    _connection: Any

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._reader = hiredis.Reader()
        self.ended = asyncio.Event()

    @classmethod
    async def open(cls, pool: ConnectionPool, deliver: Deliver) -> Self:
        """Return a new connection that hears nothing yet. Raises RedisError or OSError."""
        transport, self, connection = await raw_transport(pool, lambda: cls(deliver))
        self._transport = transport
        # It owns the transport, and would close it when it goes.
        self._connection = connection
        return self

    def subscribe(self, channels: Iterable[str]) -> None:
        self._write("SUBSCRIBE", channels)

    def unsubscribe(self, channels: Iterable[str]) -> None:
        self._write("UNSUBSCRIBE", channels)

    def abort(self) -> None:
        """End it, whatever is under way."""
        self._transport.abort()
        self.ended.set()

    def _write(self, command: str, channels: Iterable[str]) -> None:
        # A Redis that reads nothing is noticed by the canary, long before this grows.
        self._transport.write(hiredis.pack_command(cast("Any", (command, *channels))))

    # asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                if isinstance(reply, list) and reply[0] == _MESSAGE:
                    try:
                        self._deliver(reply[1], reply[2])
                    except Exception:
                        # asyncio would end the connection, and with it what everybody else hears.
                        log.exception("event_failed", channel=str(reply[1]))
        except hiredis.ProtocolError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
