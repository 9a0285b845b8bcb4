"""One WebSocket's way in: daphne's protocol, which queues whatever a client sends, made to read no faster than its
application takes, and never more at a time than other sockets can wait for.

While nothing is read, what the client sends waits in the kernel, then at the client: nothing is lost.
"""

import time
from typing import Any, Final

from bellhop.server.connection.broken_clients import SturdyProtocol
from bellhop.server.private_apis import is_closed, is_open, is_opening, parse_step, unparsed

STEPS: Final = 64
"""Steps of autobahn's parser at a time, two for a frame with something in it: about a millisecond."""

REST: Final = 0.01
"""Seconds until one client's next frames, where more than that have come at once."""

EARLY_BYTES: Final = 4096
"""Bytes that a client may send before its handshake is answered, and one read more; a browser sends none."""

ALLOWANCE: Final = 2.0
"""Seconds after which what had waited to be read has certainly been read."""


class InboundProtocol(SturdyProtocol):
    """Stops reading while its application has enough to do, or this client has had its turn."""

    # Whether anything is read, and when that began again.
    reads = True
    _reads_since = 0.0

    def onOpen(self) -> None:
        """Read on, where too much came early; autobahn then goes through what did."""
        super().onOpen()
        if not self.reads:
            self._resume_reading()

    def consumeData(self) -> None:
        """Take in some of what was read; the rest a little later, or when the application has caught up."""
        if is_opening(self):
            if not hasattr(self, "socket_opened"):
                self.take_handshake()
            elif len(unparsed(self)) > EARLY_BYTES:
                self._stop_reading()
            # Once there is a request, autobahn would look for a second one in what follows.
            return
        for _ in range(STEPS):
            if not self.reads or is_closed(self) or not parse_step(self):
                return
        if self.reads:
            self._rest()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Queue a frame for the application; from a client that is being closed only its goodbye counts."""
        if not is_open(self):
            return
        super().onMessage(payload, isBinary)
        if self.application_queue.is_full:
            self._stop_reading()
            self.application_queue.when_half_empty(self._rest)

    def sendCloseFrame(self, *args: Any, **options: Any) -> None:
        """Say goodbye, and read on until the client does: the application need not keep up any more."""
        super().sendCloseFrame(*args, **options)
        if not self.reads:
            self._rest()

    def has_unread(self) -> bool:
        """Whether an answer of the client may be among what was not read yet."""
        return not self.reads or time.monotonic() - self._reads_since < ALLOWANCE

    def _stop_reading(self) -> None:
        if self.reads:
            self.reads = False
            self.transport.pauseProducing()

    def _resume_reading(self) -> None:
        self.reads = True
        self._reads_since = time.monotonic()
        self.transport.resumeProducing()

    def _rest(self) -> None:
        """Stop, and go on after a moment that belongs to all others."""
        self._stop_reading()
        self.factory.reactor.callLater(REST, self._go_on)

    def _go_on(self) -> None:
        if not self.reads and not is_closed(self):
            self._resume_reading()
            self.consumeData()
