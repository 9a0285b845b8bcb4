"""Log lines on their way out: those of one turn of an event loop are one write.

A write wakes whoever reads the container's output, on a CPU that the next frame could use: a burst of a thousand
frames is a thousand lines.
"""

import asyncio
import atexit
import threading
from contextlib import suppress
from typing import TextIO

from bellhop.once_per_loop_turn import NextTurn


class Lines:
    """A text stream for log lines. What a thread without an event loop writes goes out at `flush`, as ever.

    Where a loop runs, it goes out at the loop's next turn: an end of the process by `kill -9` costs the lines of the
    turn that it interrupts. Those of several threads may come out of order by as much.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._next_turn = NextTurn(self._write_out)
        atexit.register(self._write_out)

    def write(self, text: str) -> None:
        """Keep some text for the next flush."""
        with self._lock:
            self._waiting.append(text)

    def flush(self) -> None:
        """Write what is kept, or have the running loop do so at its next turn."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._write_out()
        else:
            self._next_turn.call(loop)

    def _write_out(self) -> None:
        # The write is under the lock, too: two threads' lines would come out of order.
        with self._lock:
            text, self._waiting = "".join(self._waiting), []
            if text:
                # A log that nobody takes any more (its reader is gone, its disk is full) must not end who writes it.
                with suppress(OSError, ValueError):
                    self._stream.write(text)
                    self._stream.flush()
