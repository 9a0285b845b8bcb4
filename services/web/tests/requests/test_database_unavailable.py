"""A database that goes away in the middle: 503, no traceback, and what needs no database goes on."""

from typing import Any

import pytest
import structlog
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django_structlog import signals
from structlog.testing import capture_logs

from bellhop.database import timeouts
from bellhop.inbox import pages
from config import urls

pytestmark = pytest.mark.django_db


def fails(error: type[Exception]) -> Any:
    def away(*_: Any, **__: Any) -> None:
        raise error("connection refused\n")

    return away


def goes_away(request: HttpRequest) -> HttpResponse:
    """A view whose session is to be saved when the database is gone."""
    request.session["changed"] = True
    connection.cursor = fails(OperationalError)  # type: ignore[method-assign]
    return HttpResponse("done")


class Urls:
    urlpatterns = [path("goes-away", goes_away), path("", include(urls))]


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch, browser: Client) -> None:
    monkeypatch.setattr(connection, "cursor", fails(OperationalError))


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("url", ["/", "/api/notifications/"])
@pytest.mark.parametrize("debug", [True, False])
def test_a_view_that_loses_the_database_is_a_503_and_one_line_without_traceback(
    browser: Client,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    url: str,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr(pages, "page", fails(error))
    with capture_logs() as lines:
        assert browser.get(url).status_code == 503
    (line,) = [line for line in lines if not line["event"].startswith("request_")]
    assert (line["event"], line["error"]) == ("database_error", "connection refused")
    assert not [line for line in lines if line["event"] == "request_failed" or "exc_info" in line]


def test_while_the_database_is_known_to_be_lost_a_request_is_no_line_of_its_own(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts.availability, "is_lost", True)
    monkeypatch.setattr(pages, "page", fails(OperationalError))
    with capture_logs() as lines:
        assert browser.get("/").status_code == 503
    assert [line["event"] for line in lines] == ["request_started", "request_finished"]


def test_a_session_that_cannot_be_saved_is_a_503(
    browser: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ROOT_URLCONF = Urls
    monkeypatch.setattr(connection, "cursor", connection.cursor)  # restored at the end
    with capture_logs() as lines:
        assert browser.get("/goes-away").status_code == 503
    assert not [line for line in lines if line["event"] == "request_failed"]


def test_a_strangers_first_session_that_cannot_be_saved_is_a_503(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ROOT_URLCONF = Urls
    monkeypatch.setattr(connection, "cursor", connection.cursor)  # restored at the end
    with capture_logs() as lines:
        assert client.get("/goes-away").status_code == 503
    assert not [line for line in lines if line["event"] == "request_failed"]


@pytest.mark.usefixtures("no_database")
def test_a_login_without_a_database_is_a_503_and_makes_no_session(user: User) -> None:
    stranger = Client()
    assert stranger.post("/accounts/login/", {"login": "ada", "password": "pw"}).status_code == 503
    assert "sessionid" not in stranger.cookies


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/accounts/login/", 200),
        ("/nothing/here", 404),
        ("/api/notifications/", 401),
        ("/admin/", 302),
    ],
)
def test_a_stranger_gets_what_needs_no_database(url: str, status: int) -> None:
    assert Client().get(url).status_code == status


@pytest.mark.usefixtures("no_database")
def test_nobody_is_signed_out_by_it(browser: Client) -> None:
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "sessionid" not in answer.cookies


def test_the_log_names_who_is_signed_in_and_who_has_just_signed_in(
    browser: Client, user: User
) -> None:
    seen: list[Any] = []

    def look(*_: Any, **__: Any) -> None:
        seen.append(structlog.contextvars.get_contextvars().get("user_id"))

    signals.bind_extra_request_finished_metadata.connect(look, weak=False)
    try:
        browser.get("/")
        Client().post("/accounts/login/", {"login": "ada", "password": "pw"})
        Client().get("/")
    finally:
        signals.bind_extra_request_finished_metadata.disconnect(look)
    assert seen == [user.pk, user.pk, None]


def test_a_strangers_page_and_a_file_ask_the_database_nothing(
    browser: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.DEBUG = True
    with django_assert_num_queries(0):
        Client().get("/")
        Client().get("/nothing/here")
        assert browser.get("/static/bellhop/nothing.css").status_code == 404
