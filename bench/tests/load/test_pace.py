"""The load's shape: how many, to whom, how fast; what is late is said."""

import asyncio
import time

from bench.publishing import pace


def order(count: int, rate: float) -> dict[str, object]:
    return {"users": [7, 8, 9], "count": count, "rate": rate, "first": 100}


def test_users_take_turns_and_numbers_rise() -> None:
    sent: list[tuple[int, int]] = []
    answer = asyncio.run(pace.publish_paced(order(5, 1e6), lambda *message: sent.append(message)))
    assert sent == [(100, 7), (101, 8), (102, 9), (103, 7), (104, 8)]
    assert answer["sent"] == 5


def test_a_rate_is_kept_and_not_exceeded() -> None:
    at: list[float] = []

    async def publish() -> float:
        began = time.monotonic()
        await pace.publish_paced(order(20, 100), lambda *_: at.append(time.monotonic()))
        return began

    # Not from the first message on: that one may have been late, and the others are not late for that.
    began = asyncio.run(publish())
    assert len(at) == 20
    assert all(later - began >= number / 100 - 0.002 for number, later in enumerate(at))


def test_a_publisher_that_blocks_says_how_late_it_was() -> None:
    answer = asyncio.run(pace.publish_paced(order(3, 1000), lambda *_: time.sleep(0.05)))
    assert answer["late"] >= 0.04


def test_one_at_a_time_waits_for_each_and_for_its_moment() -> None:
    sent: list[int] = []
    answer = pace.notify_paced(order(4, 50), lambda number, _: sent.append(number))
    assert sent == [100, 101, 102, 103]
    assert answer["seconds"] >= 0.06
