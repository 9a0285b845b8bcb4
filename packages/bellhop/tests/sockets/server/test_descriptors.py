"""The limit on open files decides how many sockets there can be; each case in a process of its own."""

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from ports import held_port

from bellhop.contract import SOCKET_PATH
from sockets.connection.test_inbound import Client
from sockets.support import ORIGIN
from sockets.websocket_bytes import CLOSE

TESTS = Path(__file__).parents[2]
ASK = (
    "import structlog; structlog.configure();"
    " from bellhop.server.file_descriptors import *; import resource;"
    " print(sockets_allowed({most}), *resource.getrlimit(7))"
)


def ask(limit: str, most: int) -> list[str]:
    """Return the log's lines, and last the answer with the limits afterwards."""
    shell = f"ulimit {limit} && exec '{sys.executable}' -c '{ASK.format(most=most)}'"
    asked = subprocess.run(
        ["/bin/bash", "-c", shell], cwd=TESTS, capture_output=True, text=True, check=True
    )
    return asked.stdout.splitlines()


def test_the_soft_limit_is_raised_as_far_as_needed() -> None:
    assert ask("-Sn 400 && ulimit -Hn 2000", 1000) == ["1000 1256 2000"]


def test_a_hard_limit_lowers_the_number_of_sockets_and_is_logged_once() -> None:
    *lines, answer = ask("-n 1024", 10_000)
    assert answer == "768 1024 1024"
    (line,) = lines
    assert "sockets_limited" in line
    assert "768" in line


@pytest.mark.parametrize("most", [1, 700])
def test_a_limit_that_suffices_is_left_alone(most: int) -> None:
    assert ask("-n 1024", most) == [f"{most} 1024 1024"]


def test_one_socket_at_least_is_tried() -> None:
    assert ask("-n 100", 10_000)[-1] == "1 100 100"


def test_the_server_lets_in_no_more_than_its_files_allow() -> None:
    """The whole service, by its own command; strangers without a cookie take a place each until they are gone."""
    with held_port() as port, starting(port) as server:
        assert server.stdout
        try:
            line = next(line for line in server.stdout if "sockets_limited" in line)
            assert "most=3 wanted=10000 files=259" in line
            until_open(port)
            # All at once: who does not answer its close frame is gone after a moment.
            clients = [Client(port, SOCKET_PATH, f"Origin: {ORIGIN}") for _ in range(4)]
            codes = [close_code(client.shake()) for client in clients]
        finally:
            server.kill()
        assert sorted(codes) == [4401, 4401, 4401, 4503]


def starting(port: int) -> subprocess.Popen[str]:
    command = f"ulimit -n 259 && exec '{sys.executable}' -m django bellhop_ws --port {port}"
    return subprocess.Popen(
        ["/bin/bash", "-c", command], cwd=TESTS, stdout=subprocess.PIPE, text=True
    )


def until_open(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 60):
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def close_code(client: Client) -> int:
    opcode, payload = client.read()
    assert opcode == CLOSE
    return int.from_bytes(payload)
