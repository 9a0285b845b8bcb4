"""A clone of its own for every test, in which nobody is root and nothing of this machine's stack is in reach."""

import os
import pwd
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCDispatcher, SimpleXMLRPCRequestHandler

import pytest
from bare import health, layout, start_and_stop
from database_docker import Docker

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root of an empty clone; its state folder exists."""
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    layout.state().mkdir()
    (tmp_path / ".env.example").write_text((REPOSITORY / ".env.example").read_text())
    return tmp_path


@pytest.fixture
def docker(tmp_path: Path) -> Docker:
    """A host with Docker, on which the stack's own database is."""
    return Docker(tmp_path)


@pytest.fixture
def state(clone: Path) -> Path:
    """The folder of what the clone's stack keeps."""
    return layout.state()


class Supervisor:
    """What supervisord does, without processes: it notes what it is told."""

    PID = 2**22 + 1  # above every process id, so that it is nobody's

    def __init__(self) -> None:
        self.told: list[str] = []
        self.up: set[str] = set()
        self.given_up: set[str] = set()

    def _dispatch(self, method: str, arguments: tuple[Any, ...]) -> Any:
        name = method.removeprefix("supervisor.")
        if name == "getPID":
            return self.PID
        if name == "getProcessInfo":
            (service,) = arguments
            state = "FATAL" if service in self.given_up else "RUNNING"
            return {"pid": 4242 if service in self.up else 0, "statename": state}
        service = arguments[0] if arguments else ""
        self.told.append(f"{name} {service}".strip())
        if name == "startProcess":
            if service in self.up:
                raise Fault(60, "ALREADY_STARTED")
            self.up.add(service)
        elif name == "stopProcess":
            if service not in self.up:
                raise Fault(70, "NOT_RUNNING")
            self.up.remove(service)
        return True


class _Handler(SimpleXMLRPCRequestHandler):
    disable_nagle_algorithm = False  # a Unix socket has none

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *arguments: Any) -> None:
        pass


class _Server(socketserver.ThreadingUnixStreamServer, SimpleXMLRPCDispatcher):
    daemon_threads = True
    logRequests = False  # noqa: N815 - the library's own name

    def __init__(self, path: Path) -> None:
        SimpleXMLRPCDispatcher.__init__(self)
        socketserver.ThreadingUnixStreamServer.__init__(self, str(path), _Handler)


@pytest.fixture
def supervisor(state: Path) -> Iterator[Supervisor]:
    """A supervisord that answers in the clone's state folder."""
    played = Supervisor()
    with _Server(state / "supervisor.sock") as server:
        server.register_instance(played)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield played
        server.shutdown()
        thread.join()


@pytest.fixture
def all_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every service can do its job, and the database is up to date."""
    monkeypatch.setattr(health, "is_ready", lambda service, variables: True)
    monkeypatch.setattr(start_and_stop, "_prepare", lambda chosen: None)
