"""The socket server: daphne, made to take its leave and to bound what it has not sent.

daphne hangs up on a client that breaks the protocol, without a close code; here it says which. What it does to one
connection is in bellhop.server.connection.socket_protocol, how it ends in bellhop.server.leave_taking.
"""

import asyncio
import math
import time
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, Final

# First of all: it installs Twisted's asyncio reactor.
from daphne.server import Server as DaphneServer  # isort: skip
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from bellhop.logs import get_logger
from bellhop.server import private_apis
from bellhop.server.connection.received_events_queue import Events
from bellhop.server.connection.socket_protocol import SocketProtocol, SocketWire
from bellhop.server.file_descriptors import REFUSALS
from bellhop.server.leave_taking import take_leave
from bellhop.server.open_port import KERNEL_BYTES
from bellhop.server.overdue_pongs import LOOK_SECONDS, Pulse
from bellhop.sockets.line.outbound import WIRE

log = get_logger(__name__)

CLOSE_SECONDS: Final = 3.0
"""Seconds a client has to answer a close frame."""

_QUEUE: Final = "bellhop.queue"


class Server(DaphneServer):
    """Closes every socket with 1012 before it ends, staggered, and answers protocol errors by their own codes.

    `most_sockets`: what the application lets in; somewhat more are let through to it, to be told so, and the rest get a
    503. `unsent_bytes`: what may be unsent to one socket before it pauses; `slow_seconds`: how long it may stay paused;
    `ping_interval`: seconds after which one is asked for a sign of life, if nothing else has asked it.
    """

    def __init__(
        self,
        application: Any,
        *,
        most_sockets: int,
        unsent_bytes: int,
        slow_seconds: float,
        ping_interval: float = 20,
        **options: Any,
    ) -> None:
        self.connections: dict[Any, Any] = {}
        self._ports: list[Any] = []
        self._most_sockets = most_sockets
        self._unsent_bytes = unsent_bytes
        self._slow_seconds = slow_seconds
        self._ping_seconds = ping_interval

        def start(scope: dict[str, Any], receive: Any, send: Any) -> Any:
            # Not daphne's own queue for a socket: see `create_application`.
            queue = scope.pop(_QUEUE, None)
            return application(scope, receive if queue is None else queue.get, send)

        super().__init__(
            start,
            ready_callable=self._prepare,
            # daphne never asks: its own ping has a timer, and counts whatever comes as an answer.
            ping_interval=math.inf,
            **options,
        )
        self._pulse = Pulse(self.ping_timeout)

    def _prepare(self) -> None:
        private_apis.hush()
        # A close frame (1002, 1007, 1009) instead of a line that just goes dead.
        self.ws_factory.setProtocolOptions(
            failByDrop=False,
            # The default of 1 s resets a line whose busy client has not read the close frame yet.
            closeHandshakeTimeout=CLOSE_SECONDS,
            # daphne's own, which this call would reset: the Origin is judged by the gate.
            allowNullOrigin=True,
            maxConnections=self._most_sockets + REFUSALS,
        )
        self.ws_factory.protocol = private_apis.with_options(SocketProtocol, self.ws_factory)
        self.ws_factory.unsent_bytes = self._unsent_bytes
        self.ws_factory.slow_seconds = self._slow_seconds
        self.ws_factory.ping_seconds = self._ping_seconds
        self.ws_factory.pulse = self._pulse

    def listen_success(self, port: Any) -> None:
        """Remember what to close first when the server ends."""
        super().listen_success(port)
        self._ports.append(port)
        # Inherited by every socket that is accepted here.
        port.socket.setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_BYTES)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start an application; give that of a socket its wire, and a queue that knows when it is full."""
        queue = None
        if isinstance(protocol, SocketProtocol):
            queue = scope[_QUEUE] = Events()
            scope["extensions"] = {WIRE: SocketWire(protocol)}
        its_own = super().create_application(protocol, scope)
        return its_own if queue is None else queue

    def protocol_connected(self, protocol: Any) -> None:
        """Note that a connection has begun."""
        super().protocol_connected(protocol)
        self._pulse.add(protocol)

    def timeout_checker(self) -> None:
        """Look after time-outs; daphne would look at every connection, each time."""
        # First of all: nobody else would call it again.
        reactor.callLater(LOOK_SECONDS, self.timeout_checker)
        self._pulse.look(self.connections, time.monotonic())

    def application_checker(self) -> None:
        """Clean up after what has ended."""
        try:
            super().application_checker()
        except Exception:
            # daphne asks for the next round at the end of this one.
            log.exception("clean_up_failed")
            reactor.callLater(1, self.application_checker)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Pass on what an application sends, unless its socket is closing: daphne would raise into it."""
        if (
            not isinstance(protocol, WebSocketProtocol)
            or private_apis.is_opening(protocol)
            or private_apis.is_open(protocol)
        ):
            await super().handle_reply(protocol, message)

    def kill_all_applications(self) -> "Deferred[None]":
        """What daphne calls before it ends; it waits for the result."""
        return Deferred.fromFuture(asyncio.ensure_future(take_leave(self, self._ports)))
