"""How far a command has come: a bar on a terminal, a line every few seconds elsewhere."""

import time
from typing import Any, Final

from django.db import reset_queries

EVERY: Final = 5.0
"""Seconds between two lines."""

REDRAWN: Final = 0.2
"""Seconds between two looks of a bar."""

WIDTH: Final = 30
"""Characters of a bar."""


class Progress:
    """Writes to a command's stream, which it flushes: `total` is None where nobody knows how much there is."""

    def __init__(self, stream: Any, total: int | None) -> None:
        self._stream, self._total = stream, total
        self._is_bar = total is not None and stream.isatty()
        self._began = self._said = time.monotonic()
        self._is_drawn = False

    def tell(self, done: int, besides: str = "") -> None:
        """Say that so much is done, and what else is worth a word, unless that was said just now."""
        # With DEBUG, Django keeps each statement, rows and all.
        reset_queries()
        now = time.monotonic()
        if now - self._said < (REDRAWN if self._is_bar else EVERY):
            return
        self._said = now
        line = self._line(done, besides, now - self._began)
        if self._is_bar:
            self._is_drawn = True
            self._stream.write(f"\r\x1b[K{self._bar(done)} {line}", ending="")
        else:
            self._stream.write(line)
        self._stream.flush()

    def end(self) -> None:
        """Take a bar away, so that what is written next begins a line."""
        if self._is_drawn:
            self._is_drawn = False
            self._stream.write("\r\x1b[K", ending="")

    def _bar(self, done: int) -> str:
        filled = min(WIDTH, WIDTH * done // (self._total or 1))
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}]"

    def _line(self, done: int, besides: str, seconds: float) -> str:
        of = "" if self._total is None else f" of {self._total:,}"
        pace = f", {done / seconds:,.0f}/s" if done else ""
        left = ""
        if self._total is not None and 0 < done < self._total:
            left = f", {_time((self._total - done) * seconds / done)} left"
        return f"{done:,}{of}{pace}{left}{besides and f'; {besides}'}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
