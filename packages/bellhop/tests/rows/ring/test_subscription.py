"""What comes over the subscription's connection, in whatever pieces it comes."""

import asyncio
from types import SimpleNamespace

import pytest

from bellhop.ring.redis_pubsub_connection import Subscription

CONFIRMATION = b"*3\r\n$9\r\nsubscribe\r\n$1\r\ng\r\n:1\r\n"
MESSAGE = b"*3\r\n$7\r\nmessage\r\n$1\r\ng\r\n$6\r\n\r\n\x00\xffhi\r\n"
PONG = b"*2\r\n$4\r\npong\r\n$0\r\n\r\n"
STREAM = CONFIRMATION + MESSAGE + PONG + MESSAGE


class Heard(list[tuple[bytes, bytes]]):
    def take(self, channel: bytes, data: bytes) -> None:
        self.append((channel, data))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def subscription(heard: Heard) -> Subscription:
    made = Subscription(heard.take)
    made._transport = SimpleNamespace(abort=lambda: None)  # type: ignore[assignment]
    return made


@pytest.mark.parametrize("size", [1, 7, len(STREAM)])
async def test_messages_are_heard_whole_and_in_order_in_whatever_pieces_they_come(
    subscription: Subscription, heard: Heard, size: int
) -> None:
    for start in range(0, len(STREAM), size):
        subscription.data_received(STREAM[start : start + size])
    assert heard == [(b"g", b"\r\n\x00\xffhi")] * 2
    assert not subscription.ended.is_set()


@pytest.mark.parametrize("junk", [b"HTTP/1.1 400 Bad Request\r\n", b"?\r\n", b"*1\r\n!x\r\n"])
async def test_bytes_that_are_no_rediss_end_it(
    subscription: Subscription, heard: Heard, junk: bytes
) -> None:
    subscription.data_received(MESSAGE + junk)
    await asyncio.wait_for(subscription.ended.wait(), 30)
    assert heard == [(b"g", b"\r\n\x00\xffhi")]


async def test_an_error_of_redis_is_no_message_and_ends_nothing(
    subscription: Subscription, heard: Heard
) -> None:
    subscription.data_received(b"-NOPERM no permissions\r\n" + MESSAGE)
    assert len(heard) == 1
    assert not subscription.ended.is_set()


async def test_a_connection_that_is_lost_ends_it(subscription: Subscription) -> None:
    subscription.connection_lost(ConnectionResetError())
    assert subscription.ended.is_set()
