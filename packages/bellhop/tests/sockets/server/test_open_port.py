"""The port of the socket server: what holds for a connection also holds for one that comes before the server."""

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bellhop.server.open_port import KERNEL_BYTES, open_port


def test_the_kernels_share_is_bounded_for_who_comes_before_the_server() -> None:
    with closing(open_port("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
        with accepted:
            # Linux keeps twice what it is told, for its own books.
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * KERNEL_BYTES


def test_many_may_wait_until_the_server_is_loaded() -> None:
    """Twisted's own queue takes 50: the next ones would be kept waiting for a second, or be refused."""
    with closing(open_port("127.0.0.1", 0)) as listening:
        waiting = [
            socket.create_connection(listening.getsockname(), timeout=0.5) for _ in range(200)
        ]
        for client in waiting:
            client.close()


def test_a_port_that_is_taken_is_an_error() -> None:
    with closing(open_port("127.0.0.1", 0)) as listening, pytest.raises(OSError, match="in use"):
        open_port(*listening.getsockname())


def test_without_what_serves_the_command_says_what_to_install() -> None:
    code = (
        "import sys, django; django.setup(); sys.modules['daphne'] = None\n"
        "from django.core.management import call_command\n"
        "from django.core.management.base import CommandError\n"
        "try:\n"
        "    call_command('bellhop_ws', host='127.0.0.1', port=0)\n"
        "except CommandError as error:\n"
        "    print(error)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert ran.stdout == 'daphne is not installed: pip install "django-bellhop[ws]"\n'
