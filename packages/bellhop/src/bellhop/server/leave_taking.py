"""The end of a server: each socket is told 1012, staggered, so that not everyone comes back in the same moment.

daphne exits at once on SIGTERM: browsers see 1006, as after a crash, and all come back together.
"""

import asyncio
import time
from typing import Any, Final

from daphne.ws_protocol import WebSocketProtocol

from bellhop.contract import CloseCode
from bellhop.logs import get_logger
from bellhop.server.private_apis import application_of, is_open, living, send_close

log = get_logger(__name__)

STAGGER: Final = 0.005
"""Seconds between two close frames."""

SPREAD: Final = 5.0
"""Seconds in which all have been told to go, however many there are."""

PATIENCE: Final = 5.0
"""Seconds after that for answers, and for the applications to clean up. Both fit into the grace period."""

QUIET: Final = 0.3
"""Seconds without any socket after which nobody more is expected: a request may have come in at the last moment."""

_POLL: Final = 0.05


async def take_leave(server: Any, ports: list[Any]) -> None:
    """Stop listening, close every socket with 1012, and wait until all applications have ended, for 10 s at most."""
    started = time.monotonic()
    for port in ports:
        port.stopListening()
    told = await close_sockets(server, deadline=started + SPREAD + PATIENCE)
    for application in _applications(server):
        application.cancel()
    await asyncio.gather(*_applications(server), return_exceptions=True)
    log.info("server_stopped", sockets=told, took=round(time.monotonic() - started, 2))


async def close_sockets(server: Any, deadline: float) -> int:
    """Send 1012 to every socket and wait until all are gone; return how many were told.

    The deadline is a moment of `time.monotonic`.
    """
    told: set[WebSocketProtocol] = set()
    quiet_since = time.monotonic()
    while time.monotonic() < deadline:
        sockets = {one for one in living(server) if isinstance(one, WebSocketProtocol)}
        if sockets or _applications(server):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET:
            break
        # Those whose handshake was still under way are open by a later round.
        fresh = [one for one in sockets - told if is_open(one)]
        pause = min(STAGGER, SPREAD / max(len(fresh), 1))
        for number, socket in enumerate(fresh):
            if is_open(socket):
                send_close(socket, int(CloseCode.RESTARTING))
                told.add(socket)
            # asyncio cannot sleep for less than a millisecond or so: sleep for several at once.
            if number % 10 == 0:
                await asyncio.sleep(pause * 10)
        await asyncio.sleep(_POLL)
    return len(told)


def _applications(server: Any) -> "list[asyncio.Future[Any]]":
    """Return the applications that have not ended."""
    known = [application_of(server, protocol) for protocol in server.connections]
    return [
        application for application in known if application is not None and not application.done()
    ]
