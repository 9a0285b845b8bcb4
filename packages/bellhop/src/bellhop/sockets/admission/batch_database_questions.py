"""Questions of many sockets, asked at once.

Alone, a question to the database costs a socket a turn through a thread, a connection from the pool and back, and
a round trip. In a storm of handshakes it shares all that with those who wait for the same moment.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bellhop.database.query_threads import run

AT_ONCE: Final = 2
"""Questions under way at a time: while one hangs, the next is not lost."""

MOST: Final = 100
"""Sockets that share a question at most."""


class Together[K, V]:
    """Asks for all who came since the last question was sent. `answer` takes their keys and runs on a thread of `lane`.

    Nobody waits for others to come: who comes alone is asked for alone.
    """

    def __init__(
        self, lane: ThreadPoolExecutor, answer: Callable[[list[K]], Mapping[K, V]]
    ) -> None:
        self._lane = lane
        self._answer = answer
        self._waiting: list[tuple[K, asyncio.Future[V | None]]] = []
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, key: K) -> V | None:
        """Return the answer for a key, or None where there is none; raise what `answer` raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[V | None] = loop.create_future()
        if not self._waiting:
            # With whoever comes in the same turn of the loop.
            loop.call_soon(self._begin)
        self._waiting.append((key, future))
        return await future

    def _begin(self) -> None:
        while self._waiting and len(self._under_way) < AT_ONCE:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            # Who has hung up meanwhile needs no answer.
            some = [(key, future) for key, future in some if not future.done()]
            if some:
                task = asyncio.create_task(self._ask(some))
                self._under_way.add(task)
                task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._begin()

    async def _ask(self, some: "list[tuple[K, asyncio.Future[V | None]]]") -> None:
        try:
            found = await run(self._lane, self._answer, [key for key, _ in some])
            answers = [found.get(key) for key, _ in some]
        except Exception as error:
            for _, future in some:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), answer in zip(some, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
