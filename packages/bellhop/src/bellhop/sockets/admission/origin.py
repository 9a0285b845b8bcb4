"""Who may knock: the Origin check before anything else, and the answer to unknown paths."""

from typing import Any
from urllib.parse import ParseResult, urlparse

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from channels.security.websocket import OriginValidator
from django.conf import settings

from bellhop.contract import CloseCode

log = structlog.get_logger(__name__)


class OriginGate(OriginValidator):
    """Lets in the full origins (scheme, host, port) of PUBLIC_URL; all others get HTTP 403.

    Channels' AllowedHostsOriginValidator would accept any port and scheme of an allowed host.
    """

    def __init__(self, application: Any) -> None:
        super().__init__(application, settings.PUBLIC_ORIGINS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        origin = dict(scope["headers"]).get(b"origin")
        if self._lets_in(None if origin is None else origin.decode("latin-1")):
            await self.application(scope, receive, send)
        else:
            # Not Channels' denier: it takes a thread and a channel of the layer to say no.
            await receive()
            await send({"type": "websocket.close"})

    def _lets_in(self, origin: str | None) -> bool:
        try:
            parsed = None if origin is None else urlparse(origin)
            allowed = self.valid_origin(parsed) and _is_bare(parsed)
        except ValueError:  # a port that is no number, brackets without an address in them
            allowed = False
        if not allowed:
            log.warning(
                "origin_refused",
                origin=origin,
                allowed=" ".join(settings.PUBLIC_ORIGINS),
                note="set PUBLIC_URL to the address people type",
            )
        return bool(allowed)


def _is_bare(origin: ParseResult | None) -> bool:
    # A browser never sends user names, paths or fragments; someone who does is trying something.
    if origin is None or "@" in origin.netloc:
        return False
    return not (origin.path or origin.params or origin.query or origin.fragment)


class UnknownPath(AsyncConsumer):
    """Accepts and closes with 4404: a browser cannot read the status of a refused handshake."""

    channel_layer_alias = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": int(CloseCode.UNKNOWN_PATH)})

    async def websocket_disconnect(self, event: Any) -> None:
        raise StopConsumer
