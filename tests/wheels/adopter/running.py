"""Processes of the project, the ports they listen on, and waiting for what they do."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE: Final = 60.0
"""Seconds after which what has not come is not coming, on a busy machine too."""


class RefusedError(Exception):
    """Something did not work: what, and the output that says why."""

    def __init__(self, what: str, output: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.output = output


@dataclass
class Running:
    """A process that was started, and the file that has its output."""

    process: subprocess.Popen[bytes]
    log: Path

    def says(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")

    def end(self) -> int:
        """Ask it to end; return its exit status. Refused when it does not."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise RefusedError("a process did not end", self.log.read_text()) from None


@contextmanager
def running(folder: Path, name: str, *arguments: str) -> Iterator[Running]:
    """Start this Python in `folder`; at the end of the block the process is gone, however the block ended."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    started = Running(process, log)
    try:
        yield started
    except RefusedError as refused:
        raise RefusedError(
            refused.what, f"{refused.output}\n--- {name}\n{log.read_text()}"
        ) from None
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Return once it has happened; Refused after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise RefusedError(f"waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.05)


def wait_for_port(started: Running, port: int, what: str) -> None:
    """Return once somebody listens there; Refused when the process is gone, or after PATIENCE seconds."""

    def answers() -> bool:
        if started.process.poll() is not None:
            raise RefusedError(f"{what} ended at once")
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, what)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
