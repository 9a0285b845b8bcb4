"""The programs of a project, as real processes: each writes a log, and none outlives its `with`."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 90.0
"""Seconds in which a program must have opened its port, on a busy machine."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@dataclass
class Program:
    """A command, where it runs and what it writes. Its processes are a group, so that all of them end together."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    port: int | None = None
    sign: str = ""
    """What the log of a program without a port says as soon as it is there."""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until its port is open, or its log has the sign.

        Who connects to a port before the program is loaded waits for that.
        """
        begin = self.size
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._is_there(begin):
            assert self._process.poll() is None, f"{self.name} ended:\n{self.written()}"
            assert time.monotonic() < deadline, f"{self.name} did not start:\n{self.written()}"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it at once, with SIGKILL, and all processes that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def size(self) -> int:
        """Of its log, in bytes."""
        return self.log.stat().st_size if self.log.exists() else 0

    def written(self, begin: int = 0) -> str:
        """Return what its log says from that byte on."""
        if not self.size:
            return ""
        with self.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode(errors="replace")

    def _is_there(self, begin: int) -> bool:
        if self.port is None:
            return self.sign in self.written(begin)
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def running(program: Program) -> Iterator[Program]:
    """Start a program; kill it at the end, whatever happens."""
    try:
        program.start()
        yield program
    finally:
        program.kill()
