"""Where a handshake goes, which host it names, and the Origin of a page that may open sockets there."""

import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from bellhop.conf import conf
from bellhop.contract import SOCKET_PATH
from bellhop.sockets.admission.origin import HERE, is_served_from


class Knock(NamedTuple):
    """A handshake: the URL it names (whose host need not be that of the machine that is asked), and its Origin."""

    url: str
    origin: str


def knock_at(server: str) -> Knock:
    """Return a handshake with the socket server at this http(s) URL which its check of the Origin lets in.

    The server is asked at an address of its own, such as 127.0.0.1, which ALLOWED_HOSTS need not have: then the
    handshake names a host that pages are served from, as one through a proxy would.
    """
    parts = urlsplit(server)
    origin = f"{parts.scheme}://{parts.netloc}"
    host = parts.netloc
    trusted = [each for each in settings.CSRF_TRUSTED_ORIGINS if "*" not in each]
    if conf.ORIGINS is not None:
        origin = next(iter(conf.ORIGINS), origin)
    elif not _is_served(parts.hostname or ""):
        if trusted:
            origin = trusted[0]
        elif settings.ALLOWED_HOSTS:
            host = settings.ALLOWED_HOSTS[0].removeprefix(".")
            origin = f"{parts.scheme}://{host}"
    scheme = "wss" if parts.scheme == "https" else "ws"
    return Knock(f"{scheme}://{host}{parts.path.rstrip('/')}{SOCKET_PATH}", origin)


def knock_of_page(site: str, socket_url: str) -> Knock:
    """Return the handshake of a page at this http(s) URL, by the rule of socket-url.js. ValueError for a bad URL.

    `socket_url` is BELLHOP["SOCKET_URL"]: a path, a port and a path, or a whole address.
    """
    parts = urlsplit(site)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{site!r} is no https://host")
    host = parts.netloc.rpartition("@")[2]
    # In brackets, if it had them.
    name = re.sub(r":\d*$", "", host)
    scheme = "wss" if parts.scheme == "https" else "ws"
    if re.match(r"(ws|http)s?://", socket_url, re.IGNORECASE):
        url = re.sub("^http", "ws", socket_url, flags=re.IGNORECASE)
    elif re.match(r":\d+", socket_url):
        url = f"{scheme}://{name}{socket_url}"
    else:
        url = f"{scheme}://{host}{'' if socket_url.startswith('/') else '/'}{socket_url}"
    return Knock(url, f"{parts.scheme}://{host}")


def dial(server: str, *, patience: float) -> socket.socket:
    """Return a TCP connection with the machine of this http(s) or ws(s) URL.

    Raises OSError, and ValueError for a bad URL.
    """
    parts = urlsplit(server)
    port = parts.port or (443 if parts.scheme in ("https", "wss") else 80)
    return socket.create_connection((parts.hostname or "", port), timeout=patience)


def _is_served(host: str) -> bool:
    if settings.DEBUG and host in HERE:
        return True
    return is_served_from(f"[{host}]" if ":" in host else host)
