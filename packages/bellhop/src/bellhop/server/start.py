"""Serving on a port that is open already: daphne with the options of the socket server. Needs the app registry."""

# First of all: it installs Twisted's asyncio reactor.
from bellhop.server.server import Server  # isort: skip
import gc
import os
import socket
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from twisted.internet import reactor

from bellhop.conf import conf
from bellhop.database import missing_migrations
from bellhop.database.bounds_of_this_process import bound_this_process
from bellhop.logs import get_logger, shows_info
from bellhop.models import write_database
from bellhop.server import file_descriptors
from bellhop.server.application import make_application
from bellhop.sessions import stores
from bellhop.sockets.even_out.even_out_sockets import even_out
from bellhop.sockets.open_sockets import registry

log = get_logger(__name__)

MESSAGE_BYTES: Final = 65536
"""Beyond it daphne closes with 1009; below it the consumer judges and can say 4400."""

SWITCH_SECONDS: Final = 0.0005
"""A thread that computes (a beat's columns, a catch-up's rows) keeps the event loop waiting no longer than this;
Python's own 5 ms would be the slowest per cent of all deliveries."""

YOUNG_OBJECTS: Final = 20_000
"""New objects before the collector looks at them: what some ninety sockets are made of. At Python's own 2,000 it took
0.17 ms of each handshake, a tenth; now 0.12, most of it for freeing what closed sockets leave."""


def serve(listening: socket.socket, show: Callable[[str], object]) -> None:
    """Serve sockets, and plain HTTP health checks beside them, until SIGTERM. Takes `listening` over; blocks.

    `show` takes a line when it begins and one when it has ended, where the project's logs show no infos.
    """
    address, port = listening.getsockname()[:2]
    sessions = stores.session_table()
    bound_this_process({write_database.alias(), *([sessions.alias] if sessions else [])})
    application = make_application()
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    gc.enable()
    sys.setswitchinterval(SWITCH_SECONDS)
    registry.most = file_descriptors.sockets_allowed(registry.most)
    server: Any = Server(
        application,
        most_sockets=registry.most,
        unsent_bytes=conf.SOCKET_UNSENT_BYTES,
        slow_seconds=conf.SLOW_READER_SECONDS,
        # daphne refuses to be made without any; what it listens on is taken over below.
        endpoints=["open already"],
        server_name="",
        verbosity=0,
        # Handshakes that queue in a reconnect storm may take longer than daphne's 5 s.
        websocket_connect_timeout=20,
        websocket_handshake_timeout=20,
        websocket_max_message_size=MESSAGE_BYTES,
        websocket_max_frame_size=MESSAGE_BYTES,
        # A heartbeat asks each 25 s or so (see periodic_check_of_open_sockets); this one asks when there is none,
        # while the database is away. Who does not answer is closed within 50 s, whatever the traffic.
        ping_interval=28,
        ping_timeout=20,
    )

    server.endpoints.clear()
    twisted: Any = reactor

    def take_over() -> None:
        # Twisted accepts until there is nobody left, and must not wait for the next.
        listening.setblocking(False)
        adopted = twisted.adoptStreamPort(listening.fileno(), listening.family, server.http_factory)
        # Twisted listens on a copy of its own: with this one left open, the port would outlive the server.
        listening.close()
        server.listen_success(adopted)
        _say_that_it_listens(address, port, show)
        missing_migrations.warn_meanwhile()
        # Twisted's own event loop begins after this.
        twisted.callLater(0, even_out.start)

    twisted.callWhenRunning(take_over)
    # Before the server's own, which closes every socket.
    twisted.addSystemEventTrigger("before", "shutdown", even_out.leave)
    server.run()
    # A log has `server_stopped`.
    if not shows_info(__name__):
        show("bellhop_ws: stopped")


def _say_that_it_listens(address: str, port: int, show: Callable[[str], object]) -> None:
    try:
        release = version("django-bellhop")
    except PackageNotFoundError:
        # Run from its sources.
        release = "unknown"
    if shows_info(__name__):
        log.info("listening", address=address, port=port, version=release, pid=os.getpid())
    else:
        host = f"[{address}]" if ":" in address else address
        show(
            f"bellhop_ws: listening on {host}:{port} (django-bellhop {release}, process {os.getpid()})"
        )
