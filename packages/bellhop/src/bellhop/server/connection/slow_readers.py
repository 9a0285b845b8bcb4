"""One WebSocket's way out: daphne's protocol, which writes without end to a client that never reads, made to stop, to
say so, and to close who stays behind.

Twisted pauses a registered producer when more than `bufferSize` bytes are unsent and resumes it when all of them
are gone. While a socket is paused its application writes nothing: it asks before each frame, and is told when it may
go on (bellhop.sockets.line.outbound).
"""

from collections.abc import Callable
from typing import Any

from bellhop.contract import CloseCode
from bellhop.logs import get_logger
from bellhop.server.connection.broken_clients import LAST_WORD
from bellhop.server.connection.inbound import InboundProtocol
from bellhop.server.private_apis import bound_unsent, is_open, unsent

log = get_logger(__name__)


class BoundedProtocol(InboundProtocol):
    """Bounds what is unsent to one client, and closes with 4408 who does not read.

    Its factory carries `unsent_bytes` (may be unsent before the socket pauses) and `slow_seconds` (it may stay paused).
    """

    is_paused = False
    tell_writable: Callable[[], None] | None = None
    """What the application wants to be called once everything has gone."""
    _patience: Any = None

    def connectionMade(self) -> None:
        super().connectionMade()
        bound_unsent(self.transport, self.factory.unsent_bytes)
        # The HTTP channel that took the handshake registered itself.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """The connection has ended."""
        # It leads to the application, which leads here: neither would be freed at once.
        self.tell_writable = None
        super().onClose(wasClean, code, reason)

    # Twisted's IPushProducer

    def pauseProducing(self) -> None:
        """More than the bound is unsent. Called again at every write (a ping, a close frame) until it is less."""
        if not self.is_paused:
            self.is_paused = True
            self._patience = self.factory.reactor.callLater(
                self.factory.slow_seconds, self.close_slow, "unsent bytes"
            )

    def resumeProducing(self) -> None:
        """Everything has been taken by the kernel."""
        self.stopProducing()
        if is_open(self) and self.tell_writable is not None:
            self.tell_writable()

    def stopProducing(self) -> None:
        """The connection is gone, or free again."""
        self.is_paused = False
        if self._patience is not None and self._patience.active():
            self._patience.cancel()

    def close_slow(self, reason: str) -> None:
        """Close with 4408, unless the socket is closing already; `reason` is for the log."""
        if not is_open(self):
            return
        headers = dict(self.clean_headers)
        log.warning(
            "reader_too_slow",
            reason=reason,
            unsent=unsent(self.transport),
            request_id=headers.get(b"x-request-id", b"").decode("latin-1"),
        )
        # Behind what is unsent: who reads again in time learns why. Nobody else is waited for.
        self.closeHandshakeTimeout = LAST_WORD
        self.sendClose(code=int(CloseCode.TOO_SLOW))
