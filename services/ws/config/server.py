"""`python -m config.server`: daphne with this service's options, for image, reloader and bare host alike."""

import argparse
import gc
import sys

from core import descriptors
from core.server import Server

MESSAGE_BYTES = 65536
"""Beyond it daphne closes with 1009; below it the consumer judges and can say 4400."""

SWITCH_SECONDS = 0.0005

YOUNG_OBJECTS = 20_000
"""New objects before the collector looks at them: what some ninety sockets are made of. At Python's own 2,000 it took
0.17 ms of each handshake, a tenth; now 0.12, most of it for freeing what closed sockets leave."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the WebSocket application.")
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104
    parser.add_argument("--port", type=int, default=8001, help="port to listen on")
    arguments = parser.parse_args()

    # After daphne, which installs the reactor.
    from django.conf import settings

    from config.asgi import application
    from core.registry import registry

    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    # A thread that computes (a beat's columns, a catch-up's rows) keeps the event loop waiting no longer than this;
    # Python's own 5 ms would be the slowest per cent of all deliveries.
    sys.setswitchinterval(SWITCH_SECONDS)

    registry.most = descriptors.sockets_allowed(registry.most)
    Server(
        application,
        most_sockets=registry.most,
        unsent_bytes=settings.SOCKET_UNSENT_BYTES,
        slow_seconds=settings.SLOW_READER_SECONDS,
        # Twisted's own backlog is 50: too few in a reconnect storm.
        endpoints=[f"tcp:port={arguments.port}:interface={arguments.host}:backlog=4096"],
        server_name="",
        verbosity=0,
        # Handshakes that queue in a reconnect storm may take longer than daphne's 5 s.
        websocket_connect_timeout=20,
        websocket_handshake_timeout=20,
        websocket_max_message_size=MESSAGE_BYTES,
        websocket_max_frame_size=MESSAGE_BYTES,
        # A heartbeat asks each 25 s or so (core.beat); this one asks when there is none, while the database is away.
        # Who does not answer is closed within 50 s, whatever the traffic.
        ping_interval=28,
        ping_timeout=20,
    ).run()


if __name__ == "__main__":
    main()
