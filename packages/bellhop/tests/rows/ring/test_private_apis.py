"""What the ring room relies on without a promise, against the real packages: red when an upgrade has changed it."""

import asyncio
import uuid
from typing import Any

import pytest
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bellhop.ring.private_apis import LayerOfLoops, LoopLayer, group_channel, raw_transport

URL: str = settings.LAYER_URL


class Link:
    """Writes down what the layer asks of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def subscribe(self, channel: str) -> None:
        self.asked.append(("subscribe", channel))

    async def unsubscribe(self, channel: str) -> None:
        self.asked.append(("unsubscribe", channel))

    async def publish(self, channel: str, data: bytes) -> None:
        self.asked.append(("publish", channel))

    async def flush(self) -> None:
        self.asked.append(("flush", ""))


class Layer(LayerOfLoops):
    def __init__(self, link: Link) -> None:
        super().__init__(hosts=[{"address": URL}], prefix="ut.")
        self.link = link

    def make_loop_layer(self) -> LoopLayer:
        return LoopLayer("ut.", self, self.link)


async def test_all_that_the_stock_layer_asks_of_redis_goes_through_our_link() -> None:
    link = Link()
    layer: Any = Layer(link)
    loop_layer = layer.loop_layer()
    assert type(loop_layer) is LoopLayer
    assert layer.loop_layer() is loop_layer
    channel = await layer.new_channel()
    await layer.group_add("notifications_7", channel)
    await layer.group_send("notifications_7", {"type": "send.notification"})
    await layer.group_discard("notifications_7", channel)
    group = "ut.__group__notifications_7"
    assert link.asked == [
        ("subscribe", channel),
        ("subscribe", group),
        ("publish", group),
        ("unsubscribe", group),
    ]


async def test_a_group_has_one_name_with_and_without_an_event_loop() -> None:
    loop_layer = LoopLayer("ut.", None, Link())
    assert loop_layer.group_channel("notifications_7") == group_channel("ut.", "notifications_7")


def test_a_loop_that_closes_flushes_its_part() -> None:
    link = Link()
    layer = Layer(link)

    async def begin() -> None:
        layer.loop_layer()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    loop.close()
    assert link.asked == [("flush", "")]
    assert not layer._layers


async def test_a_raw_transport_hands_on_what_redis_says() -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    class Hears(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            heard.put_nowait(data)

    redis = Redis.from_url(URL)
    word = uuid.uuid4().hex.encode()
    transport, _, connection = await raw_transport(redis.connection_pool, Hears)
    try:
        transport.write(b"ECHO %s\r\n" % word)
        async with asyncio.timeout(30):
            assert word in await heard.get()
    finally:
        transport.abort()
        await redis.aclose()
    assert connection is not None


async def test_a_raw_transport_to_nobody_raises(closed_port: int) -> None:
    redis = Redis.from_url(f"redis://127.0.0.1:{closed_port}")
    with pytest.raises(RedisError):
        await raw_transport(redis.connection_pool, asyncio.Protocol)
    await redis.aclose()
