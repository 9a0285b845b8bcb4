"""The port of the socket server, opened before the rest of it is loaded. Standard library only."""

import socket
from typing import Final

BACKLOG: Final = 4096
"""Connections that may wait to be taken in. Twisted's own 50 are too few in a reconnect storm."""

KERNEL_BYTES: Final = 65_536
"""The kernel's share of what is unsent to one socket. Left alone it grows to megabytes, and pings wait behind it."""


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises OSError, when the port is taken or the address is not this machine's.

    Who connects before the server is loaded waits in the kernel's queue, and is answered as soon as it is. Refused,
    nginx would say 502, and a browser would come back seconds later.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Inherited by every connection, also by those that come before the server is there.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
    return listening
