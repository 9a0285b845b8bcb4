"""A publisher's control port: one JSON order a line, one JSON answer a line.

    {"do": "publish", "users": [7, 8], "rate": 200, "count": 600, "first": 0}
    {"sent": 600, "seconds": 3.0, "cpu": 0.21, "late": 0.002}

`do` names one of the peer's functions: `publish` (straight to its channel layer), `notify` (row, task, ring) or
`broadcast` (row, task, ring, to everyone at once). `late` is how far behind its schedule the publisher was at worst, in
seconds.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

PORT: Final = 9000
Order = dict[str, Any]
Do = Callable[[Order], Awaitable[Order]]


async def serve(functions: dict[str, Do]) -> None:
    """Answer orders for ever, one at a time a connection."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            order = json.loads(line)
            cpu, began = time.process_time(), time.monotonic()
            try:
                answer = await functions[order["do"]](order)
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            answer.setdefault("seconds", time.monotonic() - began)
            answer["cpu"] = time.process_time() - cpu
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "0.0.0.0", PORT, limit=2**24)  # noqa: S104
    async with server:
        await server.serve_forever()
