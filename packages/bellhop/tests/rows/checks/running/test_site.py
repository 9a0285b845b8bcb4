"""`bellhop_check --site`: the socket as a page of that site opens it, through whatever stands in front."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from bellhop.checks.running.findings import tried
from bellhop.checks.running.script import try_script
from bellhop.checks.running.sockets.knock import Knock, knock_of_page
from bellhop.checks.running.sockets.site import say_where_pages_go, try_site
from rows.checks.project import Project
from rows.checks.running.answers import Answers, said
from rows.checks.running.conftest import checked

pytestmark = pytest.mark.timeout(300)
PATH = "/ws/notifications/"


@pytest.mark.parametrize(
    ("site", "given", "url", "origin"),
    [
        ("http://localhost:8000", PATH, f"ws://localhost:8000{PATH}", "http://localhost:8000"),
        ("https://example.org/", PATH, f"wss://example.org{PATH}", "https://example.org"),
        ("https://example.org/shop/?a=1", "ws/", "wss://example.org/ws/", "https://example.org"),
        ("http://localhost:8000", f":8001{PATH}", f"ws://localhost:8001{PATH}", "http://localhost:8000"),
        ("http://[::1]:8000", f":8001{PATH}", f"ws://[::1]:8001{PATH}", "http://[::1]:8000"),
        ("https://a:b@example.org", ":8001/ws/", "wss://example.org:8001/ws/", "https://example.org"),
        ("https://example.org", "wss://ws.example.org/ws/", "wss://ws.example.org/ws/", "https://example.org"),
        ("https://example.org", "https://ws.example.org/ws/", "wss://ws.example.org/ws/", "https://example.org"),
    ],
)  # fmt: skip
def test_the_address_is_that_of_the_element(site: str, given: str, url: str, origin: str) -> None:
    """As in tests/js/net: one rule in two languages."""
    assert knock_of_page(site, given) == Knock(url, origin)


@pytest.mark.parametrize(
    "site", ["", "example.org", "ws://example.org", "https://", "https://[::1"]
)
def test_a_site_that_is_none_is_told(site: str) -> None:
    part = tried(
        "site", lambda: try_site(site, None), seconds=5, advice="Correct --site https://host"
    )
    (line,) = said(part)
    assert line.startswith("missing site: ")
    assert line.endswith("Correct --site https://host")


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (404, f"nothing answers sockets there: the web server in front must send {PATH} to bellhop_ws"),
        (200, "nothing answers sockets there"),
        (426, "the proxy does not pass on Upgrade and Connection"),
        (400, "the proxy does not pass on Upgrade and Connection"),
        (403, 'BELLHOP = {"ORIGINS": ["http://127.0.0.1:'),
        (502, "bellhop_ws does not answer the proxy"),
        (503, "bellhop_ws does not answer the proxy"),
        (418, "the log of what answers there says why"),
    ],
)  # fmt: skip
def test_what_the_web_server_in_front_lacks_is_told_by_its_answer(
    server: str, monkeypatch: pytest.MonkeyPatch, status: int, advice: str
) -> None:
    monkeypatch.setattr(Answers, "status", status)
    (line,) = said(try_site(server, None))
    assert line.startswith(f"missing site: no socket at {server.replace('http', 'ws')}{PATH} (")
    assert str(status) in line
    assert advice in line


def test_a_server_of_another_protocol_is_told(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "protocol_version", "HTTP/1.0")
    (line,) = said(try_site(server, None))
    assert "nothing answers sockets there" in line


def test_a_redirect_is_not_followed_and_told(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "status", 301)
    monkeypatch.setattr(Answers, "headers_sent", {"Location": "https://example.org/ws/"})
    (line,) = said(try_site(server, None))
    assert "nothing answers sockets there" in line
    assert "it leads to https://example.org/ws/" in line


def test_a_site_that_does_not_answer_is_told(closed_port: int) -> None:
    (line,) = said(try_site(f"http://127.0.0.1:{closed_port}", None))
    assert line.startswith("missing site: no socket at ")
    assert "refused. Start the web server" in line


@pytest.mark.parametrize(
    ("url", "domain", "words"),
    [
        ("wss://ws.example.org/ws/", None, ["SESSION_COOKIE_DOMAIN"]),
        ("wss://ws.example.org/ws/", "example.org", []),
        ("wss://ws.example.org/ws/", ".example.org", []),
        ("ws://example.org/ws/", None, ['"SOCKET_URL": "wss://example.org/ws/"']),
        ("wss://example.org:8001/ws/", None, []),
    ],
)
def test_what_only_a_browser_refuses_is_told(
    settings: Any, monkeypatch: pytest.MonkeyPatch, url: str, domain: str | None, words: list[str]
) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise OSError("nobody is there")

    monkeypatch.setattr("bellhop.checks.running.sockets.handshake.dial", nobody)
    settings.BELLHOP = {"SOCKET_URL": url}
    settings.SESSION_COOKIE_DOMAIN = domain
    *told, last = said(try_site("https://example.org", None))
    assert "nobody is there" in last
    assert len(told) == len(words)
    assert all(word in line for word, line in zip(words, told, strict=True))


@pytest.mark.parametrize(
    ("given", "debug", "where", "alone"),
    [
        (PATH, True, f"<their own host>{PATH}", True),
        (PATH, False, f"<their own host>{PATH}", False),
        (f":8001{PATH}", True, f"<their own host>:8001{PATH}", False),
        ("wss://example.org/ws/", True, "wss://example.org/ws/", False),
    ],
)
def test_without_a_site_it_says_where_pages_go(
    settings: Any, given: str, debug: bool, where: str, alone: bool
) -> None:
    settings.BELLHOP, settings.DEBUG = {"SOCKET_URL": given}, debug
    (line,) = said(say_where_pages_go())
    assert line.startswith(f'note pages: they open their socket at {where} (BELLHOP["SOCKET_URL"])')
    assert f"--site http{'' if debug else 's'}://" in line
    hint = f'with runserver alone write "SOCKET_URL": ":8001{PATH}"'
    assert (hint in line) == alone


def test_on_a_laptop_a_page_without_a_socket_is_told_of_the_port_too(
    server: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "status", 404)
    settings.DEBUG = True
    (line,) = said(try_site(server, None))
    assert f'with runserver alone write "SOCKET_URL": ":8001{PATH}"' in line
    settings.BELLHOP = {"SOCKET_URL": f":{urlsplit(server).port}{PATH}"}
    (line,) = said(try_site(server, None))
    assert "runserver" not in line


@pytest.mark.parametrize(
    ("status", "kind", "word", "advice"),
    [
        (200, "text/javascript; charset=utf-8", "ok", "pages get it at"),
        (200, "application/javascript", "ok", "pages get it at"),
        (200, "text/html", "missing", "which no browser runs"),
        (404, "text/html", "missing", "collectstatic, and let the web server in front serve /static/"),
        (500, "text/html", "missing", "The log of what answers there says why"),
    ],
)  # fmt: skip
def test_a_script_that_pages_do_not_get_is_told(
    server: str, settings: Any, monkeypatch: pytest.MonkeyPatch, status: int, kind: str, word: str, advice: str
) -> None:  # fmt: skip
    settings.STATIC_URL = "/static/"
    monkeypatch.setattr(Answers, "status", status)
    monkeypatch.setattr(Answers, "headers_sent", {"Content-Type": kind})
    (line,) = said(try_script(server))
    assert line.startswith(f"{word} script: ")
    assert f"{server}/static/bellhop/bellhop.js" in line
    assert advice in line


def test_a_script_whose_server_does_not_answer_is_told(closed_port: int, settings: Any) -> None:
    settings.STATIC_URL = f"http://127.0.0.1:{closed_port}/static/"
    (line,) = said(try_script("https://example.org"))
    assert line.startswith(f"missing script: nothing answers at {settings.STATIC_URL}bellhop/")


@pytest.fixture
def scripts(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A line of settings by which the script is there."""
    monkeypatch.setattr(Answers, "headers_sent", {"Content-Type": "text/javascript"})
    return f"STATIC_URL = '{server}/static/'\n"


def test_the_handshake_alone_needs_no_user(plain: Project, ws: str, scripts: str) -> None:
    run = checked(plain, "--ws", ws, "--site", ws, settings=scripts)
    assert run.code == 0, run.out + run.err
    run.line("ok script: pages get it at")
    run.line(f"ok site: a page of {ws} reaches the sockets at ws")
    assert "note pages" not in run.out


def test_a_round_trip_goes_by_the_site(plain: Project, ada: str, ws: str, scripts: str) -> None:
    """From a page of another port of the host, as with runserver."""
    page = "http://127.0.0.1:1"
    settings = f'BELLHOP["SOCKET_URL"] = ":{urlsplit(ws).port}{PATH}"\n'
    run = checked(plain, "--ws", ws, "--site", page, "--user", ada, settings=settings)
    assert run.code == 1
    assert f"the Origin {page} is refused" in run.line("missing site: ")
    run = checked(plain, "--ws", ws, "--site", ws, "--user", ada, settings=scripts)
    assert run.code == 0, run.out + run.err
    run.line(
        f"ok round trip: the socket was let in at {ws.replace('http', 'ws')}{PATH}, and is ready"
    )
    run.line("ok round trip: rung and shown within")
    assert len([line for line in run.lines if "rung and shown" in line]) == 1
