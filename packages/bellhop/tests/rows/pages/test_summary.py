"""`summary`, with which a page goes live, and who may ask: in a project that asks for a login everywhere, too."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.contract import SESSION_MARK, user_key
from rows.pages.conftest import add

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
API = "/notifications/api/"
SUMMARY = f"{API}summary"
CALLS = [("get", API), ("get", SUMMARY), *(("post", API + name) for name in ("read", "unread", "archive"))]  # fmt: skip


@pytest.fixture
def everywhere(project: Any) -> None:
    """The project asks for a login wherever a view does not say otherwise."""
    project.MIDDLEWARE = [
        *project.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]


def test_it_says_who_that_is_where_they_stand_and_from_where_their_socket_starts(
    browser: Client, user: User
) -> None:
    answer = browser.get(SUMMARY).json()
    assert len(answer.pop("csrf_token")) == 64
    assert answer == {
        "seq": 3,
        "rev": 0,
        "unread": 3,
        "seen": 0,
        "since": 3,
        "user_key": user_key(user),
    }


def test_a_session_gets_its_mark_once_and_another_device_its_own(
    browser: Client, user: User
) -> None:
    assert browser.get(SUMMARY).json()["since"] == 3
    add(user, "number 4")
    answer = browser.get(SUMMARY)
    assert (answer.json()["since"], answer.json()["seq"]) == (3, 4)
    assert not answer.wsgi_request.session.modified
    assert browser.session[SESSION_MARK] == 3
    second = Client()
    second.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert second.get(SUMMARY).json()["since"] == 4


@pytest.mark.parametrize(("mark", "since"), [(1, 1), (0, 0), ("1", 3), (None, 3), ([], 3)])
def test_a_mark_of_a_login_stays_and_nonsense_is_replaced(
    browser: Client, mark: Any, since: int
) -> None:
    session = browser.session
    session[SESSION_MARK] = mark
    session.save()
    assert browser.get(SUMMARY).json()["since"] == since


def test_its_token_is_one_that_a_post_may_carry(browser: Client) -> None:
    browser.handler.enforce_csrf_checks = True
    body = {"through": 3}

    def read(token: str) -> int:
        headers = {"X-CSRFToken": token}
        return browser.post(
            f"{API}read", body, content_type="application/json", headers=headers
        ).status_code

    assert read("x" * 64) == 403
    assert read(browser.get(SUMMARY).json()["csrf_token"]) == 200


@pytest.mark.parametrize(("method", "url"), CALLS)
@pytest.mark.parametrize("where", ["as it is", "everywhere"])
def test_a_stranger_is_told_401_in_json_and_led_nowhere(
    where: str, method: str, url: str, request: pytest.FixtureRequest
) -> None:
    if where == "everywhere":
        request.getfixturevalue("everywhere")
    answer = getattr(Client(), method)(url)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "no_session"


@pytest.mark.usefixtures("everywhere")
def test_where_a_login_is_asked_for_everywhere_the_pages_still_lead_there(browser: Client) -> None:
    assert browser.get(SUMMARY).status_code == 200
    assert browser.get("/notifications/").status_code == 200
    for url in ("/", "/notifications/"):
        assert Client().get(url).headers["Location"] == f"/login/?next={url}"
    assert Client().post("/notifications/mark/", {"action": "read"}).status_code == 302


@pytest.mark.parametrize(("method", "url"), CALLS[:2])
def test_no_cache_of_the_projects_keeps_an_answer(
    browser: Client, user: User, project: Any, method: str, url: str
) -> None:
    project.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    project.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *project.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    assert browser.get(url).json()["seq"] == 3
    add(user, "number 4")
    assert browser.get(url).json()["seq"] == 4
    assert {"private", "no-store"} <= set(browser.get(url).headers["Cache-Control"].split(", "))
