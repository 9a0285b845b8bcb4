"""One WebSocket as the server sees it: daphne's protocol, which writes without end to a client that never reads,
made to stop, to say so, and to close who stays behind.

Twisted pauses a registered producer when more than `bufferSize` bytes are unsent and resumes it when all of them
are gone. While a socket is paused nothing is written: the consumer asks the `PAUSED` extension of its scope
before each frame, keeps its cursor where it is, and hears `WRITABLE` when it may go on.
"""

import random
import time
from http import HTTPStatus
from typing import Any, Final

import structlog

from bellhop.contract import CloseCode
from bellhop.server.inbound import InboundProtocol
from bellhop.sockets.outbound import WRITABLE

log = structlog.get_logger(__name__)

# A whole frame of four bytes: from us, and masked from a client.
_PING: Final = b"\x89\x04"
_PONG: Final = b"\x8a\x84"
_PONG_LENGTH: Final = 10

LAST_WORD: Final = 5.0
"""Seconds a slow reader has to take the close frame; then the connection is reset, bytes unsent or not."""


class SocketProtocol(InboundProtocol):
    """Bounds what is unsent to one client, and closes with 4408 who does not read.

    Its factory carries `unsent_bytes` (may be unsent before the socket pauses), `slow_seconds` (it may stay paused) and
    the `pulse`, which says when an answer is overdue.
    """

    is_paused = False
    last_ping: float
    # The ping that was not answered yet; 0: none.
    _owes = 0
    _patience: Any = None
    _hears_goodbye = False

    def connectionMade(self) -> None:
        super().connectionMade()
        self.transport.bufferSize = self.factory.unsent_bytes
        # The HTTP channel that took the handshake registered itself.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    # The handshake

    def onConnect(self, request: Any) -> Any:
        """Start the application. Subprotocols count for nothing: there are none, and daphne fails on some names. Nor
        does a prefix of the path, which the client could have written as well."""
        request.headers.pop("sec-websocket-protocol", None)
        request.headers.pop("daphne-root-path", None)
        return super().onConnect(request)

    def sendHttpErrorResponse(self, code: int, reason: str, responseHeaders: Any = None) -> None:
        """Refuse a handshake. autobahn's reason quotes the client, at a length that nginx answers with 502."""
        super().sendHttpErrorResponse(code, HTTPStatus(code).phrase, responseHeaders)

    # Twisted's IPushProducer

    def pauseProducing(self) -> None:
        """More than the bound is unsent. Called again at every write (a ping, a close frame) until it is less."""
        if not self.is_paused:
            self.is_paused = True
            self._patience = self.factory.reactor.callLater(
                self.factory.slow_seconds, self._close_slow, "unsent bytes"
            )

    def resumeProducing(self) -> None:
        """Everything has been taken by the kernel."""
        self.stopProducing()
        if self.state == self.STATE_OPEN and hasattr(self, "application_queue"):
            # Once: it may be full and free again many times while its application waits for the database.
            self.application_queue.put_once({"type": WRITABLE})

    def stopProducing(self) -> None:
        """The connection is gone, or free again."""
        self.is_paused = False
        if self._patience is not None and self._patience.active():
            self._patience.cancel()

    def _close_slow(self, reason: str) -> None:
        if self.state != self.STATE_OPEN:
            return
        headers = dict(self.clean_headers)
        log.warning(
            "reader_too_slow",
            reason=reason,
            unsent=len(self.transport.dataBuffer) + self.transport._tempDataLen,
            request_id=headers.get(b"x-request-id", b"").decode("latin-1"),
        )
        # Behind what is unsent: who reads again in time learns why. Nobody else is waited for.
        self.closeHandshakeTimeout = LAST_WORD
        self.sendClose(code=int(CloseCode.TOO_SLOW))

    def _closeConnection(self, abort: bool = False) -> None:
        super()._closeConnection(abort)
        if not abort:
            # Twisted would wait for ever for a client that said goodbye and does not read.
            self.factory.reactor.callLater(LAST_WORD, self._reset)

    def _reset(self) -> None:
        if not self.transport.disconnected:
            self.transport.abortConnection()

    # Pings: the one sign that somebody reads while there is too little traffic to fill any buffer

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        pinged = self.last_ping
        super().onMessage(payload, isBinary)
        # For daphne a frame is as good as a ping; but who sends need not read.
        self.last_ping = pinged

    def onPing(self, payload: bytes) -> None:
        """Answer, unless the answer would pile up: pings need no reader."""
        if not self.is_paused:
            super().onPing(payload)

    @property
    def has_opened(self) -> bool:
        """Whether the handshake is through."""
        return bool(self.state != self.STATE_CONNECTING)

    def _ask(self) -> bytes:
        """Return a ping, which this socket must answer; nothing if it owes an answer, or reads nothing anyway."""
        if self._owes or self.is_paused:
            return b""
        self.last_ping = time.time()
        self._owes = random.randrange(1, 1 << 32)  # noqa: S311 - none is to be guessed
        self.factory.pulse.expect(self, self._owes, time.monotonic())
        return _PING + self._owes.to_bytes(4)

    def _sendAutoPing(self) -> None:
        """What daphne calls where nothing else has asked for long."""
        if ping := self._ask():
            self.transport.write(ping)

    def dataReceived(self, data: bytes) -> None:
        """Take an answer without a turn through autobahn's parser, where nothing else is under way."""
        if (
            len(data) == _PONG_LENGTH
            and data.startswith(_PONG)
            and self.state == self.STATE_OPEN
            and not self.data
            and self.current_frame is None
        ):
            # The payload is masked (RFC 6455, section 5.3).
            self._hear(int.from_bytes(data[2:6]) ^ int.from_bytes(data[6:]))
        else:
            super().dataReceived(data)

    def onPong(self, payload: bytes) -> None:
        if len(payload) == 4:
            self._hear(int.from_bytes(payload))

    def _hear(self, ping: int) -> None:
        if ping == self._owes:
            self._owes = 0

    def miss(self, ping: int) -> bool:
        """Close, unless that ping was answered; return whether its answer may still be among what we have not read."""
        if ping != self._owes:
            return False
        if self.has_unread():
            return True
        self._close_slow("no pong")
        return False

    # The end

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> Any:
        """Answer a goodbye. A bad one autobahn also takes for the answer to its own complaint about it."""
        self._hears_goodbye = True
        try:
            return super().onCloseFrame(code, reasonRaw)
        finally:
            self._hears_goodbye = False

    def dropConnection(self, abort: bool = False) -> None:
        """End the connection; but not by a reset that overtakes our own goodbye where theirs has crossed it."""
        super().dropConnection(abort and not self._hears_goodbye)

    # Frames

    def write_text(self, payload: bytes, asks: bool = False) -> None:
        """Write a text frame, unless the socket is closing; of any size, which sendMessage() would refuse.

        With `asks` a ping goes along. Straight to the kernel where nothing waits: the reactor would change twice what
        it polls, for each frame.
        """
        if self.state != self.STATE_OPEN:
            return
        data = _text_head(len(payload)) + payload
        if asks:
            data += self._ask()
        transport = self.transport
        if not (transport.dataBuffer or transport._tempDataBuffer):
            sent = transport.writeSomeData(data)
            # Anything else is an error, which the reactor finds once more and acts upon.
            data = data[sent:] if isinstance(sent, int) else data
        if data:
            transport.write(data)

    def serverSend(self, content: Any, binary: bool = False) -> None:
        """What daphne calls for ASGI's websocket.send, which this service does not use."""
        if binary:
            self.sendFrame(opcode=2, payload=content)
        else:
            self.write_text(content.encode())


def _text_head(length: int) -> bytes:
    """Return the head of a whole, unmasked text frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((0x81, length))
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2)
    return b"\x81\x7f" + length.to_bytes(8)
