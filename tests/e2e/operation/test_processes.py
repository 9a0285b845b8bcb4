"""The local processes of a host without Docker; where there are containers nothing of this runs."""

import os
import socket
import time

import published_address
import pytest
from bare import start_and_stop as bare
from bare.errors import MissingError
from support import stack

INNER = ("WEB_PORT", "WS_PORT", "DB_PORT", "REDIS_PORT")


def is_open_to_others(port: str) -> bool:
    """Return whether a port answers on an address other than 127.0.0.1, as to another machine."""
    try:
        socket.create_connection(("127.0.0.2", int(os.environ[port])), timeout=2).close()
    except ConnectionRefusedError:
        return False
    return True


def test_nothing_can_be_reached_from_another_machine_but_nginx_where_http_bind_says_so() -> None:
    assert is_open_to_others("HTTP_PORT") == published_address.is_everywhere(
        os.environ["HTTP_BIND"]
    )
    assert [port for port in INNER if is_open_to_others(port)] == []


@pytest.mark.parametrize("service", stack.LONG_RUNNING)
def test_a_service_that_is_killed_comes_back(service: str) -> None:
    before = pid(service)
    stack.kill(service)
    deadline = time.monotonic() + 30
    while pid(service) in ("", before):
        assert time.monotonic() < deadline, f"{service} has not come back"
        time.sleep(0.2)
    stack.wait_healthy()


def pid(service: str) -> str:
    try:
        return bare.control("pid", service)
    except MissingError:
        return ""
