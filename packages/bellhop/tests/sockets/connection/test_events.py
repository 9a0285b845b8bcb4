"""The way from the server to an application: in order, nothing lost, nothing for who has gone."""

import asyncio

from bellhop.server.connection.received_events_queue import BYTES, EVENTS, Events


async def test_events_come_in_order_before_and_while_somebody_waits() -> None:
    events = Events()
    for number in range(3):
        events.put_nowait({"n": number})
    assert [await events.get() for _ in range(3)] == [{"n": 0}, {"n": 1}, {"n": 2}]
    waiting = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    events.put_nowait({"n": 3})
    events.put_nowait({"n": 4})
    assert await waiting == {"n": 3}
    assert await events.get() == {"n": 4}


async def test_a_reader_that_was_cancelled_takes_no_event_along() -> None:
    events = Events()
    waiting = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    events.put_nowait({"n": 1})
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert await events.get() == {"n": 1}


async def test_it_is_full_by_number_or_by_bytes_until_taken() -> None:
    events = Events()
    told: list[int] = []
    for _ in range(EVENTS):
        assert not events.is_full
        events.put_nowait({"text": ""})
    assert events.is_full
    events.when_half_empty(lambda: told.append(len(events._waiting)))
    for _ in range(EVENTS):
        await events.get()
    assert told == [EVENTS // 2]
    events.put_nowait({"bytes": b"x" * BYTES})
    assert events.is_full
    await events.get()
    assert not events.is_full
