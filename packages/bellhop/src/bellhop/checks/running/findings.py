"""What is said of a part that was tried, and how one is tried: within its time, and what it raises is a finding."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Literal

from django.db import connections


@dataclass(frozen=True)
class Finding:
    """One line: `word` is "missing" where something must be done before all works."""

    word: Literal["ok", "note", "missing"]
    text: str

    def __str__(self) -> str:
        return f"{self.word} {' '.join(self.text.split())}"


def ok(text: str) -> Finding:
    """Return the finding that a part works."""
    return Finding("ok", text)


def note(text: str) -> Finding:
    """Return the finding of what may be as it is, and should be known."""
    return Finding("note", text)


def missing(text: str) -> Finding:
    """Return the finding that something is missing; `text` ends with what to do."""
    return Finding("missing", text)


def words(error: BaseException) -> str:
    """Return what an error says, without the full stop: more comes behind it."""
    return str(error).strip().rstrip(".") or type(error).__name__


def tried(
    name: str, part: Callable[[], Iterable[Finding]], *, seconds: float, advice: str
) -> Iterator[Finding]:
    """Try a part and yield its findings as they come. Never raises, and takes `seconds` at most.

    `advice` says what to do where the part raises or hangs.

    A part that hangs is left behind on its thread: neither a driver's connect nor a look-up of a name can be cancelled.
    """
    found: SimpleQueue[Finding | None] = SimpleQueue()

    def run() -> None:
        try:
            for finding in part():
                found.put(finding)
        except Exception as error:
            found.put(missing(f"{name}: {words(error)}. {advice}"))
        finally:
            connections.close_all()
            found.put(None)

    threading.Thread(target=run, name=f"bellhop_check {name}", daemon=True).start()
    deadline = monotonic() + seconds
    while True:
        try:
            finding = found.get(timeout=max(0.0, deadline - monotonic()))
        except Empty:
            yield missing(f"{name}: no answer within {seconds:g} s. {advice}")
            return
        if finding is None:
            return
        yield finding
