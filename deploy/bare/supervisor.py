"""supervisord, which keeps the services running: start it, and talk to the one of this clone.

It is asked over the socket in our own folder, never looked for by a process id: that of an earlier one may
belong to somebody else's process by now.
"""

from __future__ import annotations

import http.client
import resource
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bare import interrupts
from bare.errors import MissingError
from bare.layout import ROOT

_ALREADY = {"start": 60, "stop": 70}
"""supervisord's fault codes ALREADY_STARTED and NOT_RUNNING."""
_FILES = 65_536


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(str(self._path))


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        return _Connection(self._path)


def _ask(folder: Path, method: str, *arguments: Any) -> Any:
    """Call a method of this clone's supervisord; OSError where there is none."""
    transport = _Transport(folder / "supervisor.sock")
    with xmlrpc.client.ServerProxy("http://localhost/RPC2", transport=transport) as server:
        return getattr(server.supervisor, method)(*arguments)


def running(folder: Path) -> bool:
    """Return whether this clone's supervisord is there."""
    try:
        _ask(folder, "getPID")
    except (OSError, http.client.HTTPException):
        return False
    return True


def launch(folder: Path, environment: Mapping[str, str]) -> None:
    """Start supervisord with that environment for its services; none of them runs yet."""
    # A socket is a file; a laptop's usual limit would be some five hundred visitors.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = max(soft, _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    command = [
        f"{environment['BIN']}/supervisord",
        "-c",
        str(ROOT / "deploy/bare/supervisord.conf"),
    ]
    # It answers by the time this returns: whoever is interrupted then finds it and stops it.
    with interrupts.deferred():
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["without a word"]
        raise MissingError(f"supervisord did not start: {last[0]}")


def control(folder: Path, command: str, service: str) -> str:
    """`start` (without waiting), `stop` (until it has) or say the `pid` of a service."""
    try:
        if command == "start":
            _ask(folder, "startProcess", service, False)
        elif command == "stop":
            _ask(folder, "stopProcess", service, True)
        elif command == "pid":
            pid = _ask(folder, "getProcessInfo", service)["pid"]
            # 0 is not a process, and to a signal our own whole group.
            if not pid:
                raise MissingError(f"{service} does not run")
            return str(pid)
        else:
            raise ValueError(command)
    except xmlrpc.client.Fault as fault:
        if fault.faultCode != _ALREADY.get(command):
            raise MissingError(f"{service} does not {command}: {fault.faultString}") from None
    return ""


def has_given_up(folder: Path, service: str) -> bool:
    """Return whether supervisord has tried to start a service too often to try again."""
    return _ask(folder, "getProcessInfo", service)["statename"] == "FATAL"


def shutdown(folder: Path, timeout: float = 60) -> None:
    """End supervisord, and with it what still runs; return when it is gone."""
    pid = _ask(folder, "getPID")
    _ask(folder, "shutdown")
    deadline = time.monotonic() + timeout
    while _exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def _exists(pid: int) -> bool:
    """Return whether a process runs. One that nobody has collected yet does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status not in "ZX"
