"""A question that several sockets of one user have at the same moment, asked once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final


class SharedQuestion[K, V]:
    """Answers whoever comes with the same key while a question is under way by the answer to that.

    A change is told to each device of a user: with one question for each, three devices would cost what three users do.
    """

    def __init__(self) -> None:
        self._under_way: Final[dict[K, asyncio.Task[V]]] = {}

    async def ask(self, key: K, question: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """Return what `question` does, or the one of that key does that is under way; raise what it raises."""
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(question())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._end(key, done))
        # A socket that goes does not take it from the others.
        return await asyncio.shield(task)

    def _end(self, key: K, task: "asyncio.Task[V]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            # Heard, also where all who asked are gone: asyncio would log it.
            task.exception()
