"""Who may knock: the check of the Origin before anything else, and the answer to unknown paths."""

from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from bellhop.conf import conf
from bellhop.contract import CloseCode
from bellhop.logs import get_logger

log = get_logger(__name__)

_CHECKED: Final = "bellhop.origin_checked"
"""In the scope of a socket whose Origin was found to be in order."""

HERE: Final = ("localhost", "127.0.0.1", "::1")
"""Names of this machine, between which development makes no difference."""


class OriginGate:
    """Goes around all paths of the socket server: a foreign Origin gets HTTP 403, whatever it asks for."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if may_knock(scope):
            await self.application(scope, receive, send)
        else:
            # Not Channels' denier: it takes a thread and a channel of the layer to say no.
            await receive()
            await send({"type": "websocket.close"})


def may_knock(scope: dict[str, Any]) -> bool:
    """Return whether the Origin of a handshake is one that may open sockets; log it where it is not.

    Those of conf.ORIGINS. Without that: the host which the request itself names, as long as ALLOWED_HOSTS has it, and
    CSRF_TRUSTED_ORIGINS. A missing Origin is refused: every browser sends one.
    """
    if scope.get(_CHECKED):
        return True
    headers = dict(scope["headers"])
    found = headers.get(b"origin")
    origin = None if found is None else found.decode("latin-1")
    if _is_allowed(origin, headers):
        scope[_CHECKED] = True
        return True
    allowed = conf.ORIGINS
    log.warning(
        "origin_refused",
        origin=origin,
        allowed=" ".join(allowed) if allowed is not None else "the host of the request",
        note=conf.ORIGIN_HINT,
    )
    return False


def _is_allowed(origin: str | None, headers: dict[bytes, bytes]) -> bool:
    if origin is None:
        return False
    try:
        parsed = urlsplit(origin)
        _ = parsed.port
    except ValueError:  # a port that is no number, brackets without an address in them
        return False
    # A browser never sends user names, paths or fragments; someone who does is trying something.
    if "@" in parsed.netloc or parsed.path or parsed.query or parsed.fragment or "?" in origin:
        return False
    if not parsed.scheme or not parsed.hostname:
        return False
    if conf.ORIGINS is not None:
        return any(_is_same(parsed, urlsplit(allowed)) for allowed in conf.ORIGINS)
    return _is_of_the_request(parsed, headers) or _is_trusted(parsed)


def _is_same(one: SplitResult, other: SplitResult) -> bool:
    return (one.scheme, one.hostname, _port(one)) == (other.scheme, other.hostname, _port(other))


def _port(origin: SplitResult) -> int | None:
    return origin.port or {"http": 80, "https": 443}.get(origin.scheme)


def _is_of_the_request(origin: SplitResult, headers: dict[bytes, bytes]) -> bool:
    """Return whether the page comes from the host that the handshake went to.

    In development also from another port of it, or of this machine: `runserver` has one, and the socket server another.
    """
    name = b"x-forwarded-host" if settings.USE_X_FORWARDED_HOST else b"host"
    host = headers.get(name, b"").decode("latin-1")
    domain, _ = split_domain_port(host)
    if not domain or origin.scheme not in ("http", "https"):
        return False
    asked = urlsplit(f"{origin.scheme}://{host}")
    if settings.DEBUG and origin.hostname in HERE and asked.hostname in HERE:
        return True
    if not is_served_from(domain):
        return False
    return _is_same(origin, asked) or (settings.DEBUG and origin.hostname == asked.hostname)


def is_served_from(domain: str) -> bool:
    """Return whether pages of this project are served from a host, as Django judges one: IPv6 in brackets."""
    hosts = settings.ALLOWED_HOSTS or ([".localhost", *HERE, "[::1]"] if settings.DEBUG else [])
    return validate_host(domain, hosts)


def _is_trusted(origin: SplitResult) -> bool:
    for trusted in map(urlsplit, settings.CSRF_TRUSTED_ORIGINS):
        if trusted.netloc.startswith("*"):
            if origin.scheme == trusted.scheme and is_same_domain(
                origin.netloc, trusted.netloc[1:]
            ):
                return True
        elif _is_same(origin, trusted):
            return True
    return False


class UnknownPath(AsyncConsumer):
    """Accepts and closes with 4404: a browser cannot read the status of a refused handshake."""

    channel_layer_alias = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": int(CloseCode.UNKNOWN_PATH)})

    async def websocket_disconnect(self, event: Any) -> None:
        raise StopConsumer
