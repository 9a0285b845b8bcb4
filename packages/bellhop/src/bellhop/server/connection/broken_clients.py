"""What daphne and autobahn would answer with a traceback, with more than nginx takes, or with a reset."""

from http import HTTPStatus
from typing import Any, Final

from daphne.ws_protocol import WebSocketProtocol

from bellhop.server.private_apis import is_closed, is_disconnected, replace_unparsed, unparsed

LAST_WORD: Final = 5.0
"""Seconds a client has to take the close frame; then the connection is reset, bytes unsent or not."""

# autobahn looks for the ends of a header's lines as Python does in letters: also at 0x85, which is half of an "Å" in
# somebody's cookie, and at some control characters. What follows would be lost, or be another header.
_ONE_LINE: Final = bytes.maketrans(b"\x0b\x0c\x1c\x1d\x1e\x85", b"??????")


class SturdyProtocol(WebSocketProtocol):
    """daphne's protocol, with an answer for each client: to any handshake, and to any goodbye."""

    _hears_goodbye = False

    def take_handshake(self) -> None:
        """Parse the request, once all of it was read."""
        replace_unparsed(self, unparsed(self).translate(_ONE_LINE))
        super().consumeData()

    def onConnect(self, request: Any) -> Any:
        """Start the application. Subprotocols count for nothing: there are none, and daphne fails on some names. Nor
        does a prefix of the path, which the client could have written as well."""
        request.headers.pop("sec-websocket-protocol", None)
        request.headers.pop("daphne-root-path", None)
        return super().onConnect(request)

    def sendHttpErrorResponse(self, code: int, reason: str, responseHeaders: Any = None) -> None:
        """Refuse a handshake. autobahn's reason quotes the client, at a length that nginx answers with 502."""
        super().sendHttpErrorResponse(code, HTTPStatus(code).phrase, responseHeaders)

    def onCloseFrame(self, code: int | None, reasonRaw: bytes | None) -> Any:
        """Answer a goodbye. A bad one autobahn also takes for the answer to its own complaint about it."""
        self._hears_goodbye = True
        try:
            return super().onCloseFrame(code, reasonRaw)
        finally:
            self._hears_goodbye = False

    def dropConnection(self, abort: bool = False) -> None:
        """End the connection; but not by a reset that overtakes our own goodbye where theirs has crossed it."""
        abort = abort and not self._hears_goodbye
        if not abort and not is_closed(self):
            # Twisted would wait for ever for a client that said goodbye and does not read.
            self.factory.reactor.callLater(LAST_WORD, self._reset)
        super().dropConnection(abort)

    def _reset(self) -> None:
        if not is_disconnected(self.transport):
            self.transport.abortConnection()
