"""Small servers in place of web, whose every connection is told what to do, and which keep what they were sent."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from support.clients.addresses import own_address

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Upstream:
    """One server on a free port of this machine; use as an async context manager.

    `hangs_up` closes every connection once the request is there, unanswered, as a killed process does.
    """

    def __init__(self, *, hangs_up: bool = False) -> None:
        self.requests: list[bytes] = []
        self.hangs_up = hangs_up

    async def __aenter__(self) -> "Upstream":
        self._server = await asyncio.start_server(self._serve, own_address(), 0)
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            if not self.hangs_up:
                writer.write(OK)
                await writer.drain()
        writer.close()


@contextmanager
def silence() -> Iterator[str]:
    """The address of a server that answers no attempt to connect, as a machine that is gone: its queue is full."""
    with ExitStack() as open_, socket.socket() as server:
        server.bind((own_address(), 0))
        server.listen(0)
        for _ in range(4):
            waiting = open_.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield "{}:{}".format(*server.getsockname())
