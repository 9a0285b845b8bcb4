"""The pages that work without JavaScript: home, the marks' form, admin, health, headers."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bellhop.contract import user_key
from bellhop.contrib.device_names import describe
from bellhop.models import Inbox, Notification
from tests.rows import add

pytestmark = pytest.mark.django_db
MARK = "/notifications/mark/"


def shown(answer: Any) -> list[int]:
    listed = answer.content.decode().partition("<template ")[0]
    return [int(seq) for seq in re.findall(r'data-seq="(\d+)"[^>]*data-kind', listed)]


def test_a_stranger_sees_what_this_is_and_no_notification(user: User) -> None:
    add(user)
    answer = Client().get("/")
    assert answer.status_code == 200
    assert b"number 1" not in answer.content
    for nothing in (b"bellhop", b"<bellhop-", b"data-bellhop-user"):
        assert nothing not in answer.content


def test_home_lists_ones_own_newest_first_without_what_was_put_away(
    browser: Client, user: User, other: User
) -> None:
    rows = add(user, 4)
    add(other, 1, message="for eve only")
    browser.post(MARK, {"action": "archive", "id": str(rows[1].pk)})
    answer = browser.get("/")
    assert shown(answer) == [4, 3, 1]
    assert b"for eve only" not in answer.content


def test_before_pages_back_to_the_first(browser: Client, user: User) -> None:
    add(user, 120)
    found, url = [], "/"
    while url:
        answer = browser.get(url)
        found += shown(answer)
        url = answer.context["bellhop"].older_url
    assert found == list(range(120, 0, -1))


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "", "²", "9" * 30, "1 OR 1=1", "%00"])
def test_nonsense_for_before_is_the_first_page(browser: Client, user: User, before: str) -> None:
    add(user, 2)
    assert shown(browser.get("/", {"before": before})) == [2, 1]


@pytest.mark.parametrize("count", [1, 50])
def test_home_costs_the_same_queries_however_many_rows(
    browser: Client, user: User, count: int, django_assert_num_queries: Any
) -> None:
    add(user, count)
    browser.get("/")
    # Session, user, the standing, rows, the viewer's zone, counts, kinds.
    with django_assert_num_queries(7):
        browser.get("/")


def test_the_page_holds_no_inline_script_or_style(browser: Client, user: User) -> None:
    add(user, 2, message="<script>alert(1)</script>", url="javascript:alert(1)")
    html = browser.get("/").content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|href=\"javascript:", html)
    assert "&lt;script&gt;" in html


def test_the_page_asks_for_two_style_sheets_in_its_head_and_one_script(
    browser: Client, user: User
) -> None:
    html = browser.get("/").content.decode()
    links = r'<link rel="stylesheet" href="([^"]*)"'
    assert re.findall(links, html) == re.findall(links, html.partition("</head>")[0]) == [
        "/static/site/site.css", "/static/bellhop/inbox.css",
    ]  # fmt: skip
    assert set(re.findall(r'<script[^>]* src="([^"]*)"', html)) == {
        "/static/bellhop/bellhop.js",
    }


def test_a_notification_has_a_page_of_its_own(browser: Client, user: User, other: User) -> None:
    (own,), (theirs,) = add(user), add(other)
    answer = browser.get(f"/notifications/{own.pk}/")
    assert answer.status_code == 200
    assert f'href="/notifications/{own.pk}/"' in browser.get("/").content.decode()
    assert browser.get(f"/notifications/{theirs.pk}/").status_code == 404


def test_every_page_names_its_policy_and_is_not_framed(browser: Client) -> None:
    answer = browser.get("/")
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_every_page_of_a_person_has_the_bell_and_says_whose_it_is(
    browser: Client, user: User
) -> None:
    for path in ("/", "/accounts/email/", "/accounts/sessions/"):
        page = browser.get(path).content.decode()
        assert page.count("<bellhop-bell ") == 1, path
        assert f'<body data-bellhop-user="{user_key(user)}">' in page, path
        (bell,) = re.findall(r"<bellhop-bell ([^>]*)>", page)
        assert 'socket="/ws/notifications/" href="/"' in bell, path
        assert "title-count" in bell, path


def test_a_page_of_a_person_writes_no_session_and_tells_no_count(
    browser: Client, user: User
) -> None:
    add(user, 3)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/accounts/email/")
    assert not answer.wsgi_request.session.modified
    assert "unread" not in answer.content.decode()
    assert [query for query in queries if "bellhop" in query["sql"]] == []


def test_the_list_says_what_it_shows_and_whose_it_is(browser: Client, user: User) -> None:
    add(user, 3)
    page = browser.get("/").content.decode()
    for said in (
        'api="/api/notifications/"', f'data-bellhop-user="{user_key(user)}"',
        'data-seq="3" data-rev="0" data-unread="3"', ">3 unread<",
    ):  # fmt: skip
        assert said in page


def test_a_page_has_one_banner_for_an_ended_session(browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert page.count("data-bellhop-signed-out") == 1
    assert 'id="signed-out" role="alert" data-bellhop-signed-out hidden' in page


def test_a_mark_changes_and_leads_back(browser: Client, user: User) -> None:
    add(user, 2)
    answer = browser.post(MARK, {"action": "read", "through": "1", "next": "/?before=2"})
    assert (answer.status_code, answer.headers["Location"]) == (
        302, "/?before=2&done=read.1.1",
    )  # fmt: skip
    assert Inbox.state_of(user.pk).unread == 1


@pytest.mark.parametrize(
    "next_", ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_mark_leads_to_no_foreign_site(browser: Client, user: User, next_: str) -> None:
    answer = browser.post(MARK, {"action": "read", "through": "1", "next": next_})
    assert answer.headers["Location"] == "/?done=read.0.0"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "read"},
        {"action": "delete", "through": "1"},
        {"through": "1"},
        {"action": "read", "id": "x"},
        {"action": "read", "through": "x"},
    ],
)
def test_a_mark_without_sense_is_400_and_changes_nothing(
    browser: Client, user: User, form: dict[str, str]
) -> None:
    add(user)
    assert browser.post(MARK, form).status_code == 400
    assert Inbox.state_of(user.pk).rev == 0


def test_a_mark_ignores_what_is_others(browser: Client, other: User) -> None:
    (foreign,) = add(other)
    browser.post(MARK, {"action": "archive", "id": str(foreign.pk)})
    assert Notification.objects.get().archived_at is None


def test_a_mark_needs_post_a_session_and_a_token(browser: Client, user: User) -> None:
    assert browser.get(MARK).status_code == 405
    anonymous = Client().post(MARK, {"action": "read", "through": "1"})
    assert anonymous.headers["Location"].startswith("/accounts/login/")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert careful.post(MARK, {"action": "read", "through": "1"}).status_code == 403


@pytest.fixture
def staff(browser: Client, user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return browser


def test_the_admin_shows_inboxes_and_offers_neither_add_nor_change(
    staff: Client, user: User
) -> None:
    add(user)
    url = "/admin/bellhop/inbox/"
    assert staff.get(url, {"q": "ada"}).status_code == 200
    page = staff.get(f"{url}{user.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert staff.get(f"{url}add/").status_code == 403
    assert staff.post(f"{url}{user.pk}/change/", {"last_seq": 99}).status_code == 403


def test_an_inbox_cannot_be_deleted(staff: Client, user: User) -> None:
    add(user)
    assert staff.post(f"/admin/bellhop/inbox/{user.pk}/delete/").status_code == 403


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", ""),
        ("x", ""),
        ("\x00\xff" * 50, ""),
        ("A" * 100_000, ""),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"),
    ],
)  # fmt: skip
def test_a_device_is_told_in_words_or_not_at_all(header: str, words: str) -> None:
    assert describe(header) == words
