"""The page of a single notification."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.models import Inbox, Notification
from rows.pages.conftest import BASE, add, engine
from rows.pages.inbox.document import Page

pytestmark = pytest.mark.django_db


def url_of(stored: Notification) -> str:
    return f"/notifications/{stored.pk}/"


def test_it_shows_all_of_the_text_and_leads_on_and_back(browser: Client, user: User) -> None:
    stored = add(user, "Order 7", body="word " * 4000, url="/orders/7/")
    page = Page(browser, url_of(stored))
    assert page.root.one("h1").text == "Order 7"
    assert page.root.one(data_body=None).text == ("word " * 4000).strip()
    assert page.link("Open")["href"] == "/orders/7/"
    assert page.follow(page.link("Notifications")).messages == ["Order 7"]


def test_opening_it_changes_nothing(browser: Client, user: User) -> None:
    stored = add(user, "one")
    for url in ("/notifications/", url_of(stored)):
        before = Inbox.objects.values().get()
        Page(browser, url)
        assert Inbox.objects.values().get() == before
    stored.refresh_from_db()
    assert (stored.read_at, stored.rev) == (None, 0)


def test_its_buttons_work_and_what_they_did_can_be_undone(browser: Client, user: User) -> None:
    stored = add(user, "one")
    page = Page(browser, url_of(stored))
    page = page.press(page.root.one("button", value=f"archive:{stored.pk}"))
    assert page.told == "Archived 1."
    assert page.root.one("button", value=f"unarchive:{stored.pk}").text == "Move to inbox"
    page = page.press(page.root.one("form", data_undo=None).one("button"))
    assert page.url.startswith(url_of(stored))
    stored.refresh_from_db()
    assert stored.archived_at is None


def test_an_archived_one_is_still_there(browser: Client, user: User) -> None:
    stored = add(user, "one")
    browser.post("/notifications/mark/", {"one": f"archive:{stored.pk}"})
    assert Page(browser, url_of(stored)).root.one("h1").text == "one"


def test_somebody_elses_nobodys_and_what_waits_for_its_number_are_not_found(
    browser: Client, user: User, other: User
) -> None:
    unnumbered = Notification.objects.create(recipient=user, message="too early")
    for stored in (add(other, "for eve only"), Notification(), unnumbered):
        answer = browser.get(url_of(stored))
        assert answer.status_code == 404
        assert b"for eve only" not in answer.content


def test_a_stranger_is_led_to_the_login(client: Client, user: User) -> None:
    answer = client.get(url_of(add(user, "one")))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=/notifications/")


def test_it_stands_in_the_projects_base_with_its_message_as_title(
    browser: Client, user: User, project: Any
) -> None:
    project.TEMPLATES = [engine({"base.html": BASE})]
    page = Page(browser, url_of(add(user, "<Order> 7")))
    assert "<title>&lt;Order&gt; 7</title>" in page.html


def test_where_the_projects_addresses_have_none_the_time_is_no_link(
    browser: Client, user: User, project: Any
) -> None:
    project.ROOT_URLCONF = "rows.pages.notification.own_addresses"
    add(user, "one")
    (row,) = Page(browser).rows
    assert "href" not in row.one("a", data_permalink=None)
