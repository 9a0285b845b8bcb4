"""The public address inside the tests' container, where "localhost" is nobody: a port that leads to nginx."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from support.gateway import BARE, GATEWAY_HOST, GATEWAY_PORT, PUBLIC_HOST


@asynccontextmanager
async def relay() -> AsyncIterator[None]:
    """Forward the public port of this machine to nginx, as the Docker Engine does on the host."""
    if BARE or f"{GATEWAY_HOST}:{GATEWAY_PORT}" == PUBLIC_HOST:
        # It leads there already: nginx itself listens on it.
        yield
        return
    port = int(PUBLIC_HOST.partition(":")[2] or 80)
    server = await asyncio.start_server(_forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        there = await asyncio.open_connection(GATEWAY_HOST, GATEWAY_PORT)
    except OSError:
        writer.close()
        return
    await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
