"""`python serve.py`: the port is open before anything is loaded, and whoever comes early is answered."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[1]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=SERVICE,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )


def test_the_port_is_opened_before_anything_is_loaded() -> None:
    ran = run(
        "import sys, serve\n"
        "def open_port(host, port):\n"
        "    slow = ('django', 'twisted', 'daphne', 'structlog', 'psycopg', 'asyncio')\n"
        "    print(host, port, [name for name in slow if name in sys.modules])\n"
        "    raise OSError('enough')\n"
        "serve.open_port = open_port\n"
        "sys.argv = ['serve.py', '--host', '127.0.0.1', '--port', '8123']\n"
        "serve.main()"
    )
    assert ran.stdout == "127.0.0.1 8123 []\n"
    assert (ran.returncode, ran.stderr) == (1, "cannot listen: enough\n")


def test_the_collector_rests_while_the_program_is_loaded_and_works_once_it_serves() -> None:
    ran = run(
        "import gc, sys, serve, django\n"
        "setup = django.setup\n"
        "django.setup = lambda: (print(gc.isenabled()), setup())\n"
        "serve.open_port = lambda *_: None\n"
        "sys.argv = ['serve.py']\n"
        "import daphne.server\n"
        "daphne.server.Server.run = lambda self: print(gc.isenabled())\n"
        "serve.main()"
    )
    assert [line for line in ran.stdout.splitlines() if line in ("True", "False")] == [
        "False",
        "True",
    ], ran.stderr


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "serve.py", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, cwd=SERVICE) as process:
        yield process
        process.kill()


def test_who_comes_before_it_is_loaded_is_answered_and_the_port_ends_with_it(
    server: subprocess.Popen[bytes], port: int
) -> None:
    deadline = time.monotonic() + 30
    while True:
        with suppress(ConnectionRefusedError):
            early = socket.create_connection(("127.0.0.1", port), timeout=30)
            break
        assert time.monotonic() < deadline
    with early:
        early.sendall(b"GET /nothing HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert early.recv(100).split(b" ")[1] == b"404"
    # Held twice, the port would go on taking connections that nobody answers while the server takes its leave.
    held = [
        name
        for name in map(os.readlink, Path(f"/proc/{server.pid}/fd").iterdir())
        if name.startswith("socket:")
    ]
    assert len(held) == len(set(held))
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
