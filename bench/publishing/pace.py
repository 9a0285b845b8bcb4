"""The load's shape, the same for every peer: message n is due n / rate seconds after the first."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from .orders import Order

TICK: Final = 0.001
"""Seconds between two looks at what is due; above 1,000/s several are due at each."""


async def publish_paced(order: Order, publish: Callable[[int, int], None]) -> Order:
    """Call publish(number, user) for each message when it is due, the users in turn; return what was done.

    `publish` must not wait: what it starts goes on by itself. Never catches up faster than it can: what is late
    is stamped when it is sent, and the answer's `late` (seconds) says so.
    """
    users, rate, total = order["users"], order["rate"], order["count"]
    late, sent = 0.0, 0
    began = time.monotonic()
    while sent < total:
        now = time.monotonic()
        due = min(total, int((now - began) * rate) + 1)
        if sent < due:
            late = max(late, now - began - sent / rate)
        for number in range(sent, due):
            publish(order["first"] + number, users[number % len(users)])
        sent = max(sent, due)
        await asyncio.sleep(
            max(TICK, began + sent / rate - time.monotonic()) if sent < total else 0
        )
    return {"sent": sent, "seconds": time.monotonic() - began, "late": late}


def notify_paced(
    order: Order, notify: Callable[[int, int], None], done: Callable[[], None] = lambda: None
) -> Order:
    """The same for a function that blocks, called from the order's `threads` (1); blocks itself.

    `done` is called at the end of each thread, which may have a connection to give back.
    """
    users, rate, total = order["users"], order["rate"], order["count"]
    threads = order.get("threads", 1)
    began = time.monotonic()

    def work(first: int) -> float:
        late = 0.0
        try:
            for number in range(first, total, threads):
                ahead = began + number / rate - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
                late = max(late, -ahead)
                notify(order["first"] + number, users[number % len(users)])
        finally:
            done()
        return late

    with ThreadPoolExecutor(threads) as pool:
        late = max(pool.map(work, range(threads)))
    return {"sent": total, "seconds": time.monotonic() - began, "late": late}
