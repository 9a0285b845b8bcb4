"""What is to be done once for all that happens in one turn of an event loop."""

import asyncio
from collections.abc import Callable


class NextTurn:
    """Calls a function at a loop's next turn: once, however often it is asked to until then."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        # The loop that will call it; one that was closed before never will.
        self._due_in: asyncio.AbstractEventLoop | None = None

    def call(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have it called by `loop`, which must be the one that is running."""
        if self._due_in is not loop:
            self._due_in = loop
            loop.call_soon(self._call)

    def _call(self) -> None:
        self._due_in = None
        self._function()
