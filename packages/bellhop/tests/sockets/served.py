"""A real server with small applications: `python -m sockets.served MOST` writes its port and ends when stdin is closed.

`/busy/x` waits until somebody opens `/free/x`, then keeps what it is sent and tells it upon "report"; so does
`/late/x`, which lets nobody in before that. `/echo/` tells how many of those wait, and the longest queue of one; with
the process and the processor's seconds that it has taken.
`/inside/` tells what the server knows of each connection by its private names.
"""

import asyncio
import json
import math
import os
import sys
import threading
import time
from collections import defaultdict
from typing import Any

from bellhop.server.server import Server  # isort: skip - it installs Twisted's reactor
from autobahn.websocket import protocol as websocket
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor

from bellhop.server import private_apis
from bellhop.sockets.line.outbound import WIRE, Wire

gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
queues: list[Any] = []
servers: list[Server] = []


async def application(scope: Any, receive: Any, send: Any) -> None:
    _, kind, name = scope["path"].split("/")
    await receive()
    if kind == "inside":
        await tell_inside(scope["extensions"][WIRE], receive, send)
        return
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
            told = [len(queues), longest, os.getpid(), time.process_time()]
            await send({"type": "websocket.send", "text": json.dumps(told)})
        elif event["text"] == "report":
            await send({"type": "websocket.send", "text": json.dumps(texts)})
        else:
            texts.append(event["text"])


async def tell_inside(wire: Wire, receive: Any, send: Any) -> None:
    """Answer "look" by what there is; "fill" the line; write a heartbeat upon "ask"; close upon "away"."""
    before = inside()
    told: list[str] = []
    wire.on_writable(lambda: told.append("writable"))
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["text"] == "fill":
            for number in range(200):
                wire.write(str(number).encode() + b" " * 50_000)
            filled = inside()
            wire.write(json.dumps({"filled": filled, "full": wire.is_full}).encode())
        elif event["text"] == "away":
            wire.send_away()
        elif event["text"] == "ask":
            wire.write_and_ask(b"{}")
        else:
            wire.write(json.dumps({"before": before, "now": inside(), "told": told}).encode())


def inside() -> list[dict[str, Any]]:
    """Return what the server knows of each socket."""
    (server,) = servers
    return [
        {
            "path": protocol.path.decode(),
            "opening": private_apis.is_opening(protocol),
            "open": private_apis.is_open(protocol),
            "closed": private_apis.is_closed(protocol),
            "unparsed": len(private_apis.unparsed(protocol)),
            "has_unsent": private_apis.has_unsent(protocol.transport),
            "unsent": private_apis.unsent(protocol.transport),
            "living": protocol in private_apis.living(server),
            "runs": private_apis.application_of(server, protocol) is not None,
            "queue": type(protocol.application_queue).__name__,
            "own_options": sorted(set(protocol.CONFIG_ATTRS) & set(protocol.__dict__)),
            "null_origin": protocol.allowNullOrigin,
            "owes": protocol._owes != 0,
            "words": websocket.pformat({}),
            "daphne_asks": server.ping_interval < math.inf,
        }
        for protocol in server.connections
        if isinstance(protocol, WebSocketProtocol)
    ]


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

    servers.append(server)

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
