"""Whose pages may open sockets where a project names none: those of the host that was asked, and those it trusts."""

from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from structlog.testing import capture_logs

from bellhop.contract import SOCKET_PATH, CloseCode
from bellhop.routing import websocket_urlpatterns
from bellhop.sockets.admission.origin import may_knock
from sockets.support import PATIENCE


@pytest.fixture
def project(settings: Any) -> Any:
    settings.BELLHOP = {
        name: value
        for name, value in settings.BELLHOP.items()
        if name not in ("ORIGINS", "ORIGIN_HINT")
    }
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["shop.example", ".wide.example", "10.0.0.7", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://app.example:8443", "https://*.trusted.example"]
    return settings


def knocks(origin: str | None, host: str, **more: str) -> bool:
    headers = [(b"host", host.encode())]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in more.items()]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return may_knock({"headers": headers})


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://shop.example", "shop.example"),
        ("http://shop.example", "shop.example"),
        ("https://SHOP.example", "shop.example"),
        ("https://shop.example", "Shop.Example"),
        ("https://shop.example:8443", "shop.example:8443"),
        ("https://a.wide.example", "a.wide.example"),
        ("http://10.0.0.7:8000", "10.0.0.7:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://app.example:8443", "shop.example"),
        ("https://deep.trusted.example", "shop.example"),
    ],
)
def test_the_host_that_was_asked_and_those_it_trusts_may(origin: str, host: str) -> None:
    assert knocks(origin, host)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "shop.example"),
        ("null", "shop.example"),
        ("", "shop.example"),
        ("https://evil.example", "shop.example"),
        ("https://shop.example.evil.example", "shop.example"),
        ("https://shop.example:8443", "shop.example"),
        ("https://shop.example", "shop.example:8443"),
        ("https://shop.example@evil.example", "shop.example"),
        ("https://shop.example/", "shop.example"),
        ("https://shop.example?", "shop.example"),
        ("https://shop.example:x", "shop.example"),
        ("https://[shop.example", "shop.example"),
        ("chrome-extension://shop.example", "shop.example"),
        ("https://evil.example", "evil.example"),
        ("https://a.wide.example", "b.wide.example"),
        ("http://app.example:8443", "shop.example"),
        ("https://app.example", "shop.example"),
        ("http://deep.trusted.example", "shop.example"),
        ("https://trusted.example.evil.example", "shop.example"),
        ("http://localhost:8000", "localhost:8001"),
        ("https://shop.example", ""),
    ],
)
def test_nobody_else_may(origin: str | None, host: str) -> None:
    assert not knocks(origin, host)


def test_in_development_another_port_of_this_machine_may_and_another_machine_may_not(
    project: Any,
) -> None:
    project.DEBUG = True
    project.ALLOWED_HOSTS = []
    assert knocks("http://localhost:8000", "localhost:8001")
    assert knocks("http://127.0.0.1:8000", "localhost:8001")
    assert not knocks("http://evil.example:8000", "localhost:8001")
    assert not knocks("http://localhost:8000", "evil.example")
    assert knocks("http://[::1]:8000", "[::1]:8001")


def test_in_development_another_port_of_the_host_that_was_asked_may_and_another_host_may_not(
    project: Any,
) -> None:
    project.DEBUG = True
    # As a phone in the same network asks for a laptop.
    assert knocks("http://10.0.0.7:8000", "10.0.0.7:8001")
    assert knocks("http://shop.example", "shop.example:8001")
    assert not knocks("http://10.0.0.8:8000", "10.0.0.7:8001")
    assert not knocks("http://a.wide.example:8000", "b.wide.example:8001")
    assert not knocks("http://unknown.example:8000", "unknown.example:8001")


def test_behind_a_proxy_that_names_the_host_it_is_that_one(project: Any) -> None:
    asked = {"x_forwarded_host": "shop.example"}
    assert not knocks("https://shop.example", "inner:8001", **asked)
    project.USE_X_FORWARDED_HOST = True
    assert knocks("https://shop.example", "inner:8001", **asked)
    assert not knocks("https://evil.example", "inner:8001", **asked)


def test_where_origins_are_named_no_other_may_not_even_the_host_itself(project: Any) -> None:
    project.BELLHOP = project.BELLHOP | {"ORIGINS": ["https://only.example"]}
    assert knocks("https://only.example", "shop.example")
    assert not knocks("https://shop.example", "shop.example")
    assert not knocks("https://app.example:8443", "shop.example")


@pytest.mark.usefixtures("project")
def test_a_refusal_is_one_line_that_says_what_to_write() -> None:
    with capture_logs() as lines:
        knocks("https://evil.example", "shop.example")
        knocks("https://shop.example", "shop.example")
    (line,) = lines
    assert (line["event"], line["origin"]) == ("origin_refused", "https://evil.example")
    assert "BELLHOP['ORIGINS']" in line["note"]


@pytest.mark.usefixtures("project")
@pytest.mark.django_db(transaction=True)
async def test_in_a_projects_own_application_the_consumer_itself_asks_for_the_origin() -> None:
    application = URLRouter(websocket_urlpatterns)
    headers = [(b"host", b"shop.example"), (b"origin", b"https://evil.example")]
    foreign = WebsocketCommunicator(application, SOCKET_PATH, headers=headers)
    assert (await foreign.connect(PATIENCE))[0] is False
    own = WebsocketCommunicator(
        application, SOCKET_PATH, headers=[headers[0], (b"origin", b"https://shop.example")]
    )
    # Let in to be told that it has no session.
    assert (await own.connect(PATIENCE))[0] is True
    assert (await own.receive_output(PATIENCE))["code"] == CloseCode.NO_SESSION


def test_what_is_mounted_leaves_every_other_path_to_the_project() -> None:
    (only,) = websocket_urlpatterns
    assert f"/{only.pattern}" == SOCKET_PATH
