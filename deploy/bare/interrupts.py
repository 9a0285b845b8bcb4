"""Ctrl-C and its relatives: a command that is broken off stops what it has started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

# The terminal's Ctrl-C, `kill`, and the terminal that closes.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def install() -> None:
    """Let each of the signals raise KeyboardInterrupt, except those our caller ignores (nohup)."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, raise_interrupt)


@contextmanager
def deferred(why: str = "") -> Iterator[None]:
    """Let the block end before an interrupt counts: what it does must not be left half done.

    Whoever interrupts it is told `why` it goes on.
    """
    caught: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if why and not caught:
            print(why, flush=True)
        caught.append(number)

    before = {
        number: signal.signal(number, note)
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if caught:
        raise KeyboardInterrupt


def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it said; when interrupted, end it with all that it has started.

    `options` are subprocess.Popen's; stderr is part of stdout unless they say otherwise.
    """
    # A group of its own: `kill` tells us alone, and its children would live on.
    with subprocess.Popen(
        command,
        **{"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **options},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, complained = process.communicate()
        except KeyboardInterrupt:
            with deferred():
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, said, complained)
