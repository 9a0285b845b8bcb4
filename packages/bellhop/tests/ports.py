"""Ports on which nobody answers, or a relay does: for the tests of this package, of the stack and of its services."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest


def login_of(url: str) -> str:
    """Return who a URL says one is, as "user:password@": for another address of the same server."""
    return "".join(urlsplit(url).netloc.rpartition("@")[:2])


@contextmanager
def held_port() -> Iterator[int]:
    """Keep a port on which nobody listens: a server that is told its number may, nobody else gets it by chance."""
    with socket.socket() as holder:
        # As servers have it: then both may be bound, and it is free again as soon as the server has gone.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, but who is told its number."""
    with held_port() as port:
        yield port


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port whose server accepts and never answers."""
    accepted = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    accepted.append(server.accept())
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    for connection, _ in accepted:
        connection.close()
