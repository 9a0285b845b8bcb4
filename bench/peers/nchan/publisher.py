"""nchan's publisher: POSTs over one connection, pipelined, to its publishing location."""

import asyncio
import time
from typing import Any

from bench.publishing import orders, pace, stamps

HOST, PORT = "nchan-ws", 8001
CONNECTIONS = 8
"""nginx answers what is pipelined on one connection one after another."""


class Posts(asyncio.Protocol):
    """One connection; the answers are counted by their status lines and otherwise not looked at."""

    def __init__(self) -> None:
        self.answered = 0
        self.refused = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.answered += data.count(b"HTTP/1.1 ")
        self.refused += data.count(b"HTTP/1.1 4") + data.count(b"HTTP/1.1 5")

    def post(self, path: str, body: str) -> None:
        head = f"POST {path} HTTP/1.1\r\nHost: nchan\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write((head + body).encode())


async def publish(order: orders.Order) -> orders.Order:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(Posts, HOST, PORT) for _ in range(CONNECTIONS)]
    posts = [one for _, one in made]

    def send(number: int, user: int) -> None:
        message = stamps.write(number, user, time.monotonic_ns())
        posts[number % CONNECTIONS].post(f"/publish/{user}", message)

    answer = await pace.publish_paced(order, send)
    await _answered(posts, answer["sent"])
    for one in posts:
        one.transport.close()
    return {**answer, "refused": sum(one.refused for one in posts)}


async def _answered(posts: list[Posts], count: int, longest: float = 5.0) -> None:
    deadline = time.monotonic() + longest
    while sum(one.answered for one in posts) < count and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    asyncio.run(orders.serve({"publish": publish}))
