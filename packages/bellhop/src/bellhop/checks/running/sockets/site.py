"""Tries the way that a page of the site goes to its socket: by its own address, through whatever stands in front."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import is_same_domain

from bellhop.checks.running.findings import Finding, missing, note, ok, words
from bellhop.checks.running.sockets.handshake import PATIENCE, Refused, opened
from bellhop.checks.running.sockets.knock import Knock, knock_of_page
from bellhop.checks.running.sockets.round_trip import closed_early, try_round_trip_through
from bellhop.checks.setting.bellhop_setting import chosen
from bellhop.contract import CloseCode

ADVICE: Final = {
    404: "nothing answers sockets there: the web server in front must send {path} to bellhop_ws",
    426: "the proxy does not pass on Upgrade and Connection. In nginx: proxy_http_version 1.1;"
    " proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;",
    403: "the Origin {origin} is refused. Let the proxy pass on Host, which ALLOWED_HOSTS must have, or write"
    ' BELLHOP = {{"ORIGINS": ["{origin}", …]}}',
    502: "bellhop_ws does not answer the proxy. Start it, or correct where the proxy sends {path}",
}
"""By the status of an answer."""

# 0: what answers speaks no HTTP/1.1.
ALIKE: Final = {
    **dict.fromkeys((0, 200, 301, 302, 307, 308, 405), 404),
    400: 426,
    **dict.fromkeys((503, 504), 502),
}


def say_where_pages_go() -> Iterator[Finding]:
    """Yield where pages open their sockets, for whoever has not named the site."""
    given = str(chosen("SOCKET_URL"))
    where = given if "://" in given else f"<their own host>{given}"
    scheme = "http" if settings.DEBUG else "https"
    yield note(
        f'pages: they open their socket at {where} (BELLHOP["SOCKET_URL"]);'
        f" try that with --site {scheme}://…{_alone()}"
    )


def _alone() -> str:
    """Return what development needs where nothing stands in front."""
    given = str(chosen("SOCKET_URL"))
    if settings.DEBUG and given.startswith("/"):
        return f'; with runserver alone write "SOCKET_URL": ":8001{given}"'
    return ""


def try_site(site: str, user: str | None) -> Iterator[Finding]:
    """Yield how it goes with the socket of a page of `site`, as nobody or with a round trip of a user.

    Raises ValueError where `site` is no http(s) URL.
    """
    knock = knock_of_page(site, str(chosen("SOCKET_URL")))
    yield from _what_a_browser_refuses(site, knock)
    try:
        if user is None:
            yield from _knock_as_nobody(knock)
        else:
            yield from try_round_trip_through(knock, user)
    except Refused as refused:
        yield missing(f"site: no socket at {knock.url} ({refused}): {_advice(refused, knock)}")
    except (OSError, EOFError) as error:
        yield missing(
            f"site: no socket at {knock.url}: {words(error)}. Start the web server in front, or correct"
            ' --site or BELLHOP["SOCKET_URL"]'
        )


def _knock_as_nobody(knock: Knock) -> Iterator[Finding]:
    """Yield whether sockets are let in, and by whom: ours closes one that has no session."""
    try:
        from websockets.exceptions import ConnectionClosed
    except ImportError:
        yield missing('site: the client is not installed: pip install "django-bellhop[ws]"')
        return
    with opened(knock, knock.url) as socket:
        try:
            socket.recv(timeout=PATIENCE)
        except TimeoutError:
            pass
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code == CloseCode.NO_SESSION:
                yield ok(f"site: a page of {knock.origin} reaches the sockets at {knock.url}")
            else:
                yield closed_early("site", closed)
            return
    yield note(
        f"site: something opens sockets at {knock.url} to whoever has no session: is it bellhop_ws? Try with --user"
    )


def _advice(refused: Refused, knock: Knock) -> str:
    status = ALIKE.get(refused.status, refused.status)
    advice = ADVICE.get(status, "the log of what answers there says why")
    led = f" (it leads to {refused.leads_to})" if refused.leads_to else ""
    alone = _alone() if status == HTTPStatus.NOT_FOUND else ""
    return advice.format(path=urlsplit(knock.url).path, origin=knock.origin) + led + alone


def _what_a_browser_refuses(site: str, knock: Knock) -> Iterator[Finding]:
    """Yield what stops a page alone, not this program."""
    page, socket = urlsplit(site), urlsplit(knock.url)
    if page.scheme == "https" and socket.scheme == "ws":
        yield missing(
            f"site: a browser opens no {knock.url} from a page of https. Write"
            f' BELLHOP = {{"SOCKET_URL": "wss{knock.url.removeprefix("ws")}", …}}'
        )
    domain = settings.SESSION_COOKIE_DOMAIN
    if socket.hostname != page.hostname and not (
        domain and is_same_domain(socket.hostname or "", f".{domain.lstrip('.')}")
    ):
        yield missing(
            f"site: a browser sends the session of {page.hostname} not to {socket.hostname}. Write"
            " SESSION_COOKIE_DOMAIN = the domain that both are in"
        )
