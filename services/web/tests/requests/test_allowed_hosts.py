"""A Host that is not ours: what development explains, what production does not say, what the log holds."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from core.requests import allowed_hosts as hosts
from stack.environment import parse_public_url

pytestmark = pytest.mark.django_db
LAN = "192.168.1.20:8080"


@pytest.fixture
def development(settings: Any) -> None:
    settings.DEBUG = True


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    monkeypatch.setattr(hosts, "log", structlog.get_logger("uncached"))
    with capture_logs() as lines:
        yield lines


def get(host: str, path: str = "/") -> Any:
    return Client(headers={"host": host}).get(path)


@pytest.mark.usefixtures("development")
def test_a_phone_on_the_lan_is_told_which_variable_to_set(settings: Any) -> None:
    settings.HTTP_PORT, settings.HTTP_BIND = 8080, "0.0.0.0"  # noqa: S104
    answer = get(LAN)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f"PUBLIC_URL=http://{LAN}\nHTTP_PORT=8080\nHTTP_BIND=0.0.0.0</code>" in page
    assert "./bellhop up" in page


@pytest.mark.usefixtures("development")
def test_on_port_80_no_port_needs_to_be_set(settings: Any) -> None:
    settings.HTTP_PORT, settings.HTTP_BIND = 80, "0.0.0.0"  # noqa: S104
    page = get("192.168.1.20").content.decode()
    assert "PUBLIC_URL=http://192.168.1.20\nHTTP_BIND=0.0.0.0</code>" in page
    assert "HTTP_PORT" not in page


@pytest.mark.usefixtures("development")
def test_where_only_this_machine_reaches_the_stack_the_page_says_what_opens_it_to_others(
    settings: Any,
) -> None:
    settings.HTTP_PORT, settings.HTTP_BIND = 80, ""
    page = get("laptop.local").content.decode()
    assert "PUBLIC_URL=http://laptop.local</code>" in page
    assert "<code>HTTP_BIND=0.0.0.0</code>" in page


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize(
    "host",
    [
        "192.168.1.20", LAN, "laptop.local", "[fe80::1]:8080", "a_b", "*", ".", "x:99999",
        # Public ones, which no development stack takes.
        "8.8.8.8", "notify.example.com:8080",
    ],
)  # fmt: skip
def test_what_is_proposed_is_what_the_start_accepts(host: str) -> None:
    page = get(host).content.decode()
    _, found, rest = page.partition('<pre><code dir="ltr">PUBLIC_URL=')
    accepted = parse_public_url(f"http://{host}")
    is_accepted = accepted is not None and accepted.is_private
    assert bool(found) == is_accepted
    if accepted and is_accepted:
        assert rest.startswith(accepted.origin)


@pytest.mark.usefixtures("development")
@pytest.mark.parametrize(
    "host", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "x'y&z;<b>"]
)
def test_a_host_that_is_html_is_shown_as_text(host: str) -> None:
    page = get(host).content.decode()
    assert "&lt;" in page
    assert host not in page
    for tag in ("<script", "<img", "<b>"):
        assert tag not in page


@pytest.mark.usefixtures("development")
def test_the_explanation_gets_its_stylesheet_and_nothing_else_for_that_host() -> None:
    def application(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.get_host())

    middleware = hosts.HostMiddleware(application)
    styles = RequestFactory(headers={"host": LAN}).get("/static/site/site.css")
    assert middleware(styles).status_code == 200
    for path in ("/", "/accounts/login/", "/admin/", "/staticx", "//static/"):
        request = RequestFactory(headers={"host": LAN}).get(path)
        assert middleware(request).status_code == 400


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/static/site/site.css", "/api/x"])
def test_a_foreign_host_gets_a_400_that_names_no_host_in_production(
    settings: Any, path: str
) -> None:
    answer = get("evil.example:8080", path)
    assert answer.status_code == 400
    said = answer.content.decode() + str(answer.headers).replace(settings.PUBLIC_URL.origin, "")
    for word in ("evil", "PUBLIC_URL", "localhost</", ".env", "bellhop up", "DEBUG", "Traceback"):
        assert word not in said


@pytest.mark.parametrize("debug", [True, False])
def test_the_api_refuses_a_foreign_host_with_json(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    answer = get("evil.example", "/api/notifications/summary")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    assert "evil" not in answer.content.decode()


def test_a_refused_host_is_one_line_that_names_the_variable(
    logged: list[Any], settings: Any
) -> None:
    Client(headers={"host": LAN, "x-request-id": "r-1"}).get("/")
    (line,) = logged
    assert line["event"] == "host_refused"
    assert (line["host"], line["variable"], line["request_id"]) == (LAN, "PUBLIC_URL", "r-1")
    assert settings.PUBLIC_URL.origin in line["allowed"].split()


def test_a_scanner_fills_no_log_and_its_number_is_told(
    logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    # It stands still: a thousand requests take a busy machine longer than QUIET_FOR.
    monkeypatch.setattr(hosts, "time", SimpleNamespace(monotonic=lambda: now))
    client = Client()
    for number in range(1000):
        client.get("/", headers={"host": f"{number}.example"})
    assert len(logged) == 1
    now += hosts.QUIET_FOR
    client.get("/", headers={"host": "x" * 5000})
    assert len(logged) == 2
    assert logged[1]["unlogged"] == 999
    assert len(logged[1]["host"]) == hosts.LOGGED_LENGTH


def test_a_host_that_is_ours_is_neither_refused_nor_logged(
    logged: list[Any], settings: Any
) -> None:
    assert get(settings.PUBLIC_URL.host).status_code == 200
    assert [line for line in logged if line["event"] == "host_refused"] == []
