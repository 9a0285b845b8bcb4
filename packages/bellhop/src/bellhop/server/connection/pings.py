"""Pings: the one sign that somebody reads, while there is too little traffic to fill any buffer.

A ping goes out in the same write as the heartbeat, or by itself where no heartbeat was sent for long. When its answer
is overdue says bellhop.server.overdue_pongs.
"""

import random
import time
from typing import Final

from bellhop.server.connection.slow_readers import BoundedProtocol
from bellhop.server.private_apis import is_open, is_opening

_PING_BYTES: Final = 4
_HEAD: Final = bytes((0x89, _PING_BYTES))
"""The head of a whole, unmasked ping frame (RFC 6455, section 5.2)."""


class PingedProtocol(BoundedProtocol):
    """Asks its client for signs of life, and closes with 4408 one that gives none.

    Its factory carries the `pulse`, which says when an answer is overdue, and `ping_seconds`, after which a socket that
    nothing else has asked is asked by itself.
    """

    # The ping that was not answered yet; 0: none.
    _owes = 0
    _asked_at = 0.0

    def connectionMade(self) -> None:
        super().connectionMade()
        self._asked_at = time.monotonic()

    @property
    def has_opened(self) -> bool:
        """Whether the handshake is through."""
        return not is_opening(self)

    def check_timeouts(self) -> None:
        """Look whether the socket is too old, or still opening after too long; ask it, if nothing else has."""
        super().check_timeouts()
        if is_open(self) and time.monotonic() - self._asked_at > self.factory.ping_seconds:
            self._asked_at = time.monotonic()
            if ping := self.ping():
                self.transport.write(ping)

    def ping(self) -> bytes:
        """Return a ping, which this socket must answer; nothing if it owes an answer, or reads nothing anyway."""
        if self._owes or self.is_paused:
            return b""
        self._asked_at = time.monotonic()
        self._owes = random.randrange(1, 1 << 32)  # noqa: S311 - none is to be guessed
        self.factory.pulse.expect(self, self._owes, self._asked_at)
        return _HEAD + self._owes.to_bytes(_PING_BYTES)

    def onPing(self, payload: bytes) -> None:
        """Answer, unless the answer would pile up: pings need no reader."""
        if not self.is_paused:
            super().onPing(payload)

    def onPong(self, payload: bytes) -> None:
        """Note an answer; one to no ping of ours is none."""
        if len(payload) == _PING_BYTES and int.from_bytes(payload) == self._owes:
            self._owes = 0

    def miss(self, ping: int) -> bool:
        """Close, unless that ping was answered; return whether its answer may still be among what we have not read."""
        if ping != self._owes:
            return False
        if self.has_unread():
            return True
        self.close_slow("no pong")
        return False
