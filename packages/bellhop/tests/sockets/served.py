"""A real server with small applications: `python -m sockets.served MOST` writes its port and ends when stdin is closed.

`/busy/x` waits until somebody opens `/free/x`, then keeps what it is sent and tells it upon "report"; so does
`/late/x`, which lets nobody in before that. `/echo/` tells how many of those wait, and the longest queue of one.
"""

import asyncio
import json
import sys
import threading
from collections import defaultdict
from typing import Any

from bellhop.server.server import Server  # isort: skip - it installs Twisted's reactor
from twisted.internet import reactor

gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
queues: list[Any] = []


async def application(scope: Any, receive: Any, send: Any) -> None:
    _, kind, name = scope["path"].split("/")
    await receive()
    if kind != "late":
        await send({"type": "websocket.accept"})
    if kind in ("busy", "late"):
        queues.append(receive.__self__)
        await gates[name].wait()
        queues.remove(receive.__self__)
    if kind == "late":
        await send({"type": "websocket.accept"})
    if kind == "free":
        gates[name].set()
    texts: list[str] = []
    while (event := await receive())["type"] != "websocket.disconnect":
        if kind == "echo":
            longest = max([0, *(len(queue._waiting) for queue in queues)])
            await send({"type": "websocket.send", "text": json.dumps([len(queues), longest])})
        elif event["text"] == "report":
            await send({"type": "websocket.send", "text": json.dumps(texts)})
        else:
            texts.append(event["text"])


def serve() -> None:
    server = Server(
        application,
        most_sockets=int(sys.argv[1]),
        unsent_bytes=65_536,
        slow_seconds=20,
        endpoints=["tcp:port=0:interface=127.0.0.1"],
        verbosity=0,
        ping_timeout=20,
        websocket_max_message_size=65_536,
        websocket_max_frame_size=65_536,
    )

    def tell() -> None:
        if server.listening_addresses:
            sys.stdout.write(f"{server.listening_addresses[0][1]}\n")
            sys.stdout.flush()
        else:
            reactor.callLater(0.01, tell)

    def end() -> None:
        sys.stdin.read()
        reactor.callFromThread(server.stop)

    reactor.callWhenRunning(tell)
    threading.Thread(target=end, daemon=True).start()
    server.run()


if __name__ == "__main__":
    serve()
