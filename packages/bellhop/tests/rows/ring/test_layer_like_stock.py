"""What channels_redis 4.3.0 promises of its pub/sub layer, kept by ours: a test for each in its tests/test_pubsub.py.

The sentences are theirs, the code is ours. Where the two layers differ it is on purpose, and the test here says
what ours does instead:

- test_receive_on_non_owned_general_channel: does not hold. A single channel hears only its own process, and only
  those that new_channel() made can be received from; Bellhop sends to groups.
- test_send_receive_sync, test_multi_send_receive_sync: do not hold, for the same reason. They send to a single
  channel from another event loop. To a group that works, from wherever.
- test_auto_reconnect: holds; our test rings until it is heard, since nobody promises in how many seconds. What
  happens when Redis itself goes is in test_layer.py.
- tests/test_pubsub_sentinel.py: does not apply. The layer takes one URL, and Sentinel is not among what it is given.
"""

import asyncio
import inspect
import random
import uuid
import warnings
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels_redis.utils import _close_redis
from django.conf import settings

from bellhop.ring.channel_layer import DoorbellLayer

SOON = 30.0
QUIET = 0.3


def new_layer() -> DoorbellLayer:
    # Pub/sub knows no database numbers: a stack on the same Redis must not hear these tests.
    return DoorbellLayer(settings.LAYER_URL, prefix=f"ut-{uuid.uuid4().hex}")


@pytest.fixture
async def layer() -> AsyncIterator[DoorbellLayer]:
    layer = new_layer()
    yield layer
    async with asyncio.timeout(SOON):
        await layer.flush()


async def heard(layer: DoorbellLayer, channel: str) -> Any:
    """Return the type of the next message."""
    async with asyncio.timeout(SOON):
        return (await layer.receive(channel))["type"]


async def hears_nothing(layer: DoorbellLayer, channel: str) -> bool:
    try:
        async with asyncio.timeout(QUIET):
            await layer.receive(channel)
    except TimeoutError:
        return True
    return False


async def members(layer: DoorbellLayer, *prefixes: str) -> list[str]:
    """Return new channels, all in the group "g"."""
    channels = [await layer.new_channel(prefix=prefix) for prefix in prefixes]
    for channel in channels:
        await layer.group_add("g", channel)
    return channels


async def test_what_is_sent_to_a_channel_is_received_whole(layer: DoorbellLayer) -> None:
    channel = await layer.new_channel()
    message = {"type": "test.message", "text": "Ahoy-hoy!"}
    await layer.send(channel, message)
    assert await layer.receive(channel) == message


async def test_several_messages_are_received_in_the_order_of_sending(layer: DoorbellLayer) -> None:
    channel = await layer.new_channel()
    for number in (1, 2, 3):
        await layer.send(channel, {"type": f"message.{number}"})
    assert [await heard(layer, channel) for _ in range(3)] == [f"message.{n}" for n in (1, 2, 3)]


async def test_a_group_reaches_who_is_in_and_not_who_has_left(layer: DoorbellLayer) -> None:
    one, left, three = await members(layer, "one", "two", "three")
    await layer.group_discard("g", left)
    await layer.group_send("g", {"type": "message.1"})
    assert await heard(layer, one) == await heard(layer, three) == "message.1"
    assert await hears_nothing(layer, left)


async def test_a_group_reaches_channels_of_one_prefix_each(layer: DoorbellLayer) -> None:
    channels = await members(layer, "same", "same", "same")
    await layer.group_send("g", {"type": "message.1"})
    assert [await heard(layer, channel) for channel in channels] == ["message.1"] * 3


async def test_channel_names_differ_whatever_the_random_seed(layer: DoorbellLayer) -> None:
    # The first call builds the layer, which draws names of its own.
    await layer.new_channel()
    names = []
    for _ in range(2):
        random.seed(1)
        names.append(await layer.new_channel())
    assert names[0] != names[1]


async def test_the_layer_of_a_loop_knows_the_layer_it_belongs_to(layer: DoorbellLayer) -> None:
    assert layer._get_layer().channel_layer is layer


def test_messages_travel_as_the_stock_layer_writes_them() -> None:
    message = {"a": True, "b": None, "c": {"d": []}}
    packed = b"\x83\xa1a\xc3\xa1b\xc0\xa1c\x81\xa1d\x90"
    layer = new_layer()
    assert layer.serialize(message) == packed
    assert layer.deserialize(packed) == message


async def test_its_methods_say_that_they_are_coroutines(layer: DoorbellLayer) -> None:
    assert inspect.iscoroutinefunction(layer.send)


async def test_a_receive_that_nothing_arrives_for_can_be_given_up(layer: DoorbellLayer) -> None:
    assert await hears_nothing(layer, await layer.new_channel(prefix="test-channel"))


async def test_a_group_that_was_never_joined_can_be_left(layer: DoorbellLayer) -> None:
    await layer.group_discard("never joined", await layer.new_channel())


async def test_groups_survive_a_connection_pool_that_was_closed(layer: DoorbellLayer) -> None:
    one, left = await members(layer, "one", "two")
    await _close_redis(layer._get_layer().link._redis)
    (three,) = await members(layer, "three")
    await layer.group_discard("g", left)
    await _close_redis(layer._get_layer().link._redis)
    receiving = [asyncio.create_task(layer.receive(channel)) for channel in (one, three)]
    async with asyncio.timeout(SOON):
        while not all(task.done() for task in receiving):
            await layer.group_send("g", {"type": "message.1"})
            await asyncio.sleep(0.1)
    assert [task.result()["type"] for task in receiving] == ["message.1"] * 2
    assert await hears_nothing(layer, left)


def test_a_loop_that_ends_takes_its_layer_and_tasks_along() -> None:
    layer = new_layer()
    before: set[str] = set()

    async def use() -> None:
        (channel,) = await members(layer, "one")
        await layer.group_send("g", {"type": "message.1"})
        assert await heard(layer, channel) == "message.1"
        before.update(task.get_name() for task in asyncio.all_tasks())

    with warnings.catch_warnings():
        # "Task was destroyed but it is pending", and connections that nobody closed.
        warnings.simplefilter("error")
        async_to_sync(use)()
    assert before
    assert layer._layers == {}


def test_a_loop_can_be_followed_by_another() -> None:
    layer = new_layer()
    for number in range(2):

        async def use(kind: str = f"message.{number}") -> None:
            (channel,) = await members(layer, "one")
            await layer.group_send("g", {"type": kind})
            assert await heard(layer, channel) == kind

        async_to_sync(use)()
    assert layer._layers == {}


async def test_a_group_is_reached_from_another_loop_and_a_single_channel_is_not(
    layer: DoorbellLayer,
) -> None:
    (channel,) = await members(layer, "one")

    def ring() -> None:
        async_to_sync(layer.send)(channel, {"type": "single"})
        async_to_sync(layer.group_send)("g", {"type": "group"})

    await asyncio.to_thread(ring)
    assert await heard(layer, channel) == "group"
    assert await hears_nothing(layer, channel)


async def test_a_channel_that_this_layer_did_not_make_cannot_be_joined(
    layer: DoorbellLayer,
) -> None:
    with pytest.raises(RuntimeError):
        await layer.group_add("g", "somebody-elses")
