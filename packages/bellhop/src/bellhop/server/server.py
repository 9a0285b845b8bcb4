"""The socket server: daphne, made to take its leave and to bound what it has not sent.

daphne exits at once on SIGTERM: browsers see 1006, as after a crash, and all come back in the same moment. It also
hangs up on a client that breaks the protocol, without a close code. Both are mended here; slow readers are in
bellhop.server.slow_readers.
"""

import asyncio
import time
from functools import partial
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, Final

# First of all: it installs Twisted's asyncio reactor.
from daphne.server import Server as DaphneServer  # isort: skip
import structlog
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from bellhop.contract import CloseCode
from bellhop.server import autobahn_options
from bellhop.server.file_descriptors import REFUSALS
from bellhop.server.keepalive import LOOK_SECONDS, Pulse
from bellhop.server.receive_queue import Events
from bellhop.server.slow_readers import SocketProtocol
from bellhop.sockets.outbound import PAUSED, WRITE

log = structlog.get_logger(__name__)

STAGGER: Final = 0.005
"""Seconds between two close frames, so that not everyone comes back in the same moment."""

SPREAD: Final = 5.0
"""Seconds in which all have been told to go, however many there are."""

PATIENCE: Final = 5.0
"""Seconds after that for answers, and for the applications to clean up. Both fit into the grace period."""

CLOSE_SECONDS: Final = 3.0
"""Seconds a client has to answer a close frame."""

KERNEL_BYTES: Final = 65_536
"""The kernel's share of what is unsent: left alone, it grows to megabytes a socket, and pings wait behind it."""

QUIET: Final = 0.3
"""Seconds without any socket after which nobody more is expected: a request may have come in at the last moment."""

_POLL: Final = 0.05
_ENDING: Final = (WebSocketProtocol.STATE_CLOSING, WebSocketProtocol.STATE_CLOSED)


class Server(DaphneServer):
    """Closes every socket with 1012 before it ends, staggered, and answers protocol errors by their own codes.

    `most_sockets`: what the application lets in; somewhat more are let through to it, to be told so, and the rest get a
    503. `unsent_bytes`: what may be unsent to one socket before it pauses; `slow_seconds`: how long it may stay paused.
    """

    def __init__(
        self,
        application: Any,
        *,
        most_sockets: int,
        unsent_bytes: int,
        slow_seconds: float,
        **options: Any,
    ) -> None:
        self.connections: dict[Any, Any] = {}
        self._ports: list[Any] = []
        # Connections that are gone, or whose application has ended.
        self._ending: set[Any] = set()
        self._most_sockets = most_sockets
        self._unsent_bytes = unsent_bytes
        self._slow_seconds = slow_seconds
        super().__init__(application, ready_callable=self._prepare, **options)
        self._pulse = Pulse(self.ping_timeout)

    def _prepare(self) -> None:
        autobahn_options.hush()
        # A close frame (1002, 1007, 1009) instead of a line that just goes dead.
        self.ws_factory.setProtocolOptions(
            failByDrop=False,
            # The default of 1 s resets a line whose busy client has not read the close frame yet.
            closeHandshakeTimeout=CLOSE_SECONDS,
            # daphne's own, which this call would reset: the Origin is judged by the gate.
            allowNullOrigin=True,
            maxConnections=self._most_sockets + REFUSALS,
        )
        self.ws_factory.protocol = autobahn_options.with_options(SocketProtocol, self.ws_factory)
        self.ws_factory.unsent_bytes = self._unsent_bytes
        self.ws_factory.slow_seconds = self._slow_seconds
        self.ws_factory.pulse = self._pulse

    def listen_success(self, port: Any) -> None:
        """Remember what to close first when the server ends."""
        super().listen_success(port)
        self._ports.append(port)
        # Inherited by every socket that is accepted here.
        port.socket.setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_BYTES)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start an application; let that of a socket ask whether it is paused, and write to it."""
        if not isinstance(protocol, SocketProtocol):
            events = super().create_application(protocol, scope)
        else:
            # As daphne does, with another queue.
            events = Events()
            scope["asgi"] = {"version": "3.0"}
            scope["extensions"] = {
                PAUSED: lambda: protocol.is_paused,
                WRITE: protocol.write_text,
            }
            running = self.application(scope, events.get, partial(self.handle_reply, protocol))
            self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        application = self.connections.get(protocol, {}).get("application_instance")
        if application is not None:
            application.add_done_callback(lambda _: self._ending.add(protocol))
        return events

    def protocol_connected(self, protocol: Any) -> None:
        """Note that a connection has begun."""
        super().protocol_connected(protocol)
        self._pulse.add(protocol)

    def timeout_checker(self) -> None:
        """Look after time-outs; daphne would look at every connection, each time."""
        # First of all: nobody else would call it again.
        reactor.callLater(LOOK_SECONDS, self.timeout_checker)
        self._pulse.look(self.connections, time.monotonic())

    def protocol_disconnected(self, protocol: Any) -> None:
        """Note that the connection is gone."""
        super().protocol_disconnected(protocol)
        self._ending.add(protocol)

    def application_checker(self) -> None:
        """Clean up after what has ended; daphne would look at every connection, each second."""
        everyone: dict[Any, Any] = self.connections
        self.connections = {one: everyone[one] for one in self._ending if one in everyone}
        looked_at = list(self.connections)
        try:
            super().application_checker()
        except Exception:
            # daphne asks for the next round at the end of this one.
            log.exception("clean_up_failed")
            reactor.callLater(1, self.application_checker)
        finally:
            for one in looked_at:
                if one not in self.connections:
                    del everyone[one]
            self._ending = set(self.connections)
            self.connections = everyone

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Pass on what an application sends, unless its socket is closing: daphne would raise into it."""
        if not isinstance(protocol, WebSocketProtocol) or protocol.state not in _ENDING:
            await super().handle_reply(protocol, message)

    def kill_all_applications(self) -> "Deferred[None]":
        """What daphne calls before it ends; it waits for the result."""
        return Deferred.fromFuture(asyncio.ensure_future(self._take_leave()))

    async def _take_leave(self) -> None:
        started = time.monotonic()
        for port in self._ports:
            port.stopListening()
        told = await self._close_sockets(deadline=started + SPREAD + PATIENCE)
        for application in self._applications():
            application.cancel()
        await asyncio.gather(*self._applications(), return_exceptions=True)
        log.info("server_stopped", sockets=told, took=round(time.monotonic() - started, 2))

    async def _close_sockets(self, deadline: float) -> int:
        """Send 1012 to every socket and wait until all are gone; return how many were told."""
        told: set[WebSocketProtocol] = set()
        quiet_since = time.monotonic()
        while time.monotonic() < deadline:
            sockets = self._sockets()
            if sockets or self._applications():
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since >= QUIET:
                break
            # Those whose handshake was still under way are open by a later round.
            fresh = [one for one in sockets - told if one.state == one.STATE_OPEN]
            pause = min(STAGGER, SPREAD / max(len(fresh), 1))
            for number, socket in enumerate(fresh):
                if socket.state == socket.STATE_OPEN:
                    # sendClose() would take 1000 and 3000-4999 only.
                    socket.sendCloseFrame(code=int(CloseCode.RESTARTING), isReply=False)
                    told.add(socket)
                # asyncio cannot sleep for less than a millisecond or so: sleep for several at once.
                if number % 10 == 0:
                    await asyncio.sleep(pause * 10)
            await asyncio.sleep(_POLL)
        return len(told)

    def _sockets(self) -> set[WebSocketProtocol]:
        return {
            protocol
            for protocol, details in self.connections.items()
            if isinstance(protocol, WebSocketProtocol) and "disconnected" not in details
        }

    def _applications(self) -> "list[asyncio.Future[Any]]":
        instances = [details.get("application_instance") for details in self.connections.values()]
        return [instance for instance in instances if instance is not None and not instance.done()]
