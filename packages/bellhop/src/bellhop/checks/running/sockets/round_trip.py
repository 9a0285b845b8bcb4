"""Tries a socket from end to end: let in by a session, rung by Redis, closed when the session has ended."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from django.conf import settings

from bellhop.checks.running.findings import Finding, missing, note, ok, words
from bellhop.checks.running.sockets.handshake import PATIENCE, Refused, opened
from bellhop.checks.running.sockets.knock import Knock, knock_at
from bellhop.checks.running.sockets.login import NoLogin, end, find_user, login_session
from bellhop.conf import conf
from bellhop.contract import SEND_NOTIFICATION, SOCKET_PATH, CloseCode, user_group
from bellhop.ring.channel_layer import get_channel_layer

AT_ONCE: Final = 2.0
"""Seconds within which a socket is closed by a ring; later it was the beat."""

MESSAGE: Final = "bellhop_check"
"""What the user sees in open tabs."""


def try_round_trip(url: str, name: str) -> Iterator[Finding]:
    """Yield how it goes with a socket of the user `name` at the socket server `url`."""
    knock = knock_at(url)
    try:
        yield from _round_trip(knock, url, name)
    except Refused as refused:
        advice = "its log says why"
        if refused.status == HTTPStatus.FORBIDDEN:
            advice = f'write BELLHOP = {{"ORIGINS": ["{knock.origin}", …]}}'
        yield missing(f"round trip: {url} has refused the handshake ({refused}): {advice}")
    except (OSError, EOFError) as error:
        yield missing(
            f"round trip: no socket at {url}: {words(error)}. Start python manage.py bellhop_ws"
        )


def try_round_trip_through(knock: Knock, name: str) -> Iterator[Finding]:
    """Yield how it goes with a socket that is opened by a page. Raises Refused, OSError, EOFError."""
    return _round_trip(knock, knock.url, name, where=f" at {knock.url}")


def _round_trip(knock: Knock, server: str, name: str, *, where: str = "") -> Iterator[Finding]:
    try:
        user = find_user(name)
        with login_session(user) as session:
            cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
            with opened(knock, server, cookie=cookie) as socket:
                yield from _on_the_socket(socket, user, session, where)
    except ImportError:
        yield missing('round trip: the client is not installed: pip install "django-bellhop[ws]"')
    except NoLogin as error:
        yield missing(f"round trip: {error}. Name another with --user")


def _on_the_socket(socket: Any, user: Any, session: Any, where: str) -> Iterator[Finding]:
    from websockets.exceptions import ConnectionClosed

    try:
        ready = _next(socket, lambda frame: frame.get("type") == "ready")
        if ready is None:
            yield missing(
                f"round trip: no frame `ready` within {PATIENCE:g} s; the server's log says why"
            )
            return
        yield ok(f"round trip: the socket was let in{where}, and is ready")
        yield from _rung(socket, user)
    except ConnectionClosed as closed:
        yield closed_early("round trip", closed)
        return
    began = monotonic()
    end(session, user)
    yield _ended(socket, began)


def _rung(socket: Any, user: Any) -> Iterator[Finding]:
    if not conf.REDIS_URL:
        yield note("round trip: without Redis nothing is rung, and unsaved messages reach nobody")
        return
    token = f"{MESSAGE} {uuid4().hex[:8]}"
    began = monotonic()
    try:
        get_channel_layer().publish(
            (user_group(user.pk), {"type": SEND_NOTIFICATION, "message": token})
        )
    except Exception as error:
        yield missing(f"round trip: Redis does not take a ring: {words(error)}")
        return
    if _next(socket, lambda frame: frame.get("message") == token) is None:
        yield missing(
            f"round trip: a ring has not reached the socket within {PATIENCE:g} s. Has the socket server the same"
            ' BELLHOP["REDIS_URL"], SECRET_KEY and database (or BELLHOP["PREFIX"]) as this process?'
        )
    else:
        yield ok(f"round trip: rung and shown within {(monotonic() - began) * 1000:.0f} ms")


def _ended(socket: Any, began: float) -> Finding:
    from websockets.exceptions import ConnectionClosed

    try:
        _next(socket, lambda _: False, patience=AT_ONCE + _until_the_beat())
    except ConnectionClosed as closed:
        took = monotonic() - began
        if closed.rcvd is None or closed.rcvd.code != CloseCode.NO_SESSION:
            return closed_early("round trip", closed)
        if took <= AT_ONCE:
            return ok(
                f"round trip: the session ended, and its socket was closed after {took * 1000:.0f} ms"
            )
        return note(
            f"round trip: the session ended, and its socket was closed only by the beat, after {took:.1f} s"
        )
    return missing(
        f"round trip: the session has ended, and its socket is still open after {monotonic() - began:.0f} s;"
        " has the socket server the same database and SESSION_ENGINE as this process?"
    )


def closed_early(part: str, closed: Any) -> Finding:
    """Return the finding, of a part of the tool, that a socket was closed and should not have been."""
    code = closed.rcvd.code if closed.rcvd is not None else "no code"
    hints: dict[Any, str] = {
        CloseCode.NO_SESSION: "it does not know the session: has it the same SECRET_KEY, SESSION_ENGINE and database?",
        CloseCode.UNKNOWN_PATH: f"it does not know {SOCKET_PATH}: mount bellhop.routing.websocket_urlpatterns",
        CloseCode.TOO_MANY: "this user has too many sockets",
        CloseCode.UNAVAILABLE: "it cannot serve now; its log says why",
    }
    return missing(
        f"{part}: the socket was closed with {code}: {hints.get(code, 'its log says why')}"
    )


def _next(socket: Any, is_it: Any, *, patience: float = PATIENCE) -> dict[str, Any] | None:
    """Return the next frame for which `is_it` is true, or None where it has not come in time."""
    deadline = monotonic() + patience
    while (left := deadline - monotonic()) > 0:
        try:
            text = socket.recv(timeout=left)
        except TimeoutError:
            return None
        frame = json.loads(text)
        if isinstance(frame, dict) and is_it(frame):
            return frame
    return None


def _until_the_beat() -> float:
    return conf.BEAT_SECONDS * 1.5 + 1
