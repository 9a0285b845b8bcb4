"""The forms of the inbox page, sent as a browser without JavaScript sends them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.models import Inbox, Notification
from rows.pages.conftest import add
from rows.pages.inbox.document import Element, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
MARK = "/notifications/mark/"


def own(row: Element, action: str) -> Element:
    """Return a row's own button."""
    return row.one("button", name="one", value=f"{action}:{row['data-id']}")


def bulk(page: Page, action: str) -> Element:
    return page.root.one("button", name="bulk", value=action)


def read(page: Page) -> dict[str, str]:
    return {row.one("a", data_message=None).text: row["data-read"] for row in page.rows}


def test_a_rows_own_buttons_change_that_row_and_no_other(browser: Client) -> None:
    page = Page(browser)
    page = page.press(own(page.row("number 2"), "read"))
    assert read(page) == {"number 3": "false", "number 2": "true", "number 1": "false"}
    page = page.press(own(page.row("number 2"), "unread"))
    assert set(read(page).values()) == {"false"}
    page = page.press(own(page.row("number 2"), "archive"))
    assert page.messages == ["number 3", "number 1"]


def test_the_rows_that_are_ticked_are_changed_together(browser: Client) -> None:
    page = Page(browser)
    page = page.press(bulk(page, "read"), page.row("number 1"), page.row("number 3"))
    assert read(page) == {"number 3": "true", "number 2": "false", "number 1": "true"}
    assert page.told == "Marked 2 as read."


def test_a_rows_own_button_passes_over_what_is_ticked(browser: Client) -> None:
    page = Page(browser)
    page = page.press(own(page.row("number 2"), "archive"), page.row("number 1"))
    assert page.messages == ["number 3", "number 1"]


def test_where_nothing_is_ticked_nothing_is_changed_and_the_page_says_so(
    browser: Client, user: User
) -> None:
    page = Page(browser)
    page = page.press(bulk(page, "archive"))
    assert page.told == "Nothing was changed."
    assert page.root.one("form", data_undo=None).is_hidden
    assert len(page.rows) == 3
    assert Inbox.state_of(user.pk).rev == 0


@pytest.mark.parametrize("action", ["read", "archive"])
def test_what_was_done_can_be_undone_and_that_again(browser: Client, action: str) -> None:
    page = Page(browser)
    before = [(row["data-id"], row["data-read"]) for row in page.rows]
    page = page.press(bulk(page, action), page.row("number 1"), page.row("number 2"))
    assert [(row["data-id"], row["data-read"]) for row in page.rows] != before
    page = page.press(page.root.one("form", data_undo=None).one("button"))
    assert [(row["data-id"], row["data-read"]) for row in page.rows] == before
    page = page.press(page.root.one("form", data_undo=None).one("button"))
    assert [(row["data-id"], row["data-read"]) for row in page.rows] != before


def test_an_undo_changes_nothing_that_was_as_it_is_before(browser: Client, user: User) -> None:
    page = Page(browser)
    page = page.press(own(page.row("number 1"), "read"))
    page = page.press(page.root.one("form", data_mark_all=None).one("button"))
    assert page.told == "Marked 2 as read."
    page = page.press(page.root.one("form", data_undo=None).one("button"))
    assert read(page) == {"number 3": "false", "number 2": "false", "number 1": "true"}


def test_an_undo_of_what_was_changed_again_since_leaves_that_alone(browser: Client) -> None:
    page = Page(browser)
    archived = page.press(own(page.row("number 1"), "archive"))
    row = Page(browser, "/notifications/?view=archived").rows[0]
    browser.post(MARK, {"one": f"unarchive:{row['data-id']}"})
    after = archived.press(archived.root.one("form", data_undo=None).one("button"))
    assert after.told == "Nothing was changed."
    assert len(after.rows) == 3


def test_what_was_done_is_told_once(browser: Client) -> None:
    page = Page(browser)
    page = page.press(own(page.row("number 1"), "read"))
    assert page.told == "Marked 1 as read."
    for form in page.root.all("form", method="post"):
        assert "done" not in form.one("input", name="next")["value"]
    assert "done" not in page.root.one("bellhop-inbox")["data-login-url"]
    assert all("done" not in link["href"] for link in page.root.all("a", href=None))


@pytest.mark.parametrize(
    "done", ["", "x", "read", "read.1", "read.x.1", "delete.1.1", "<b>.1.1", "read.1.1.1"]
)
def test_an_address_that_says_nonsense_was_done_tells_nothing(browser: Client, done: str) -> None:
    page = Page(browser, f"/notifications/?done={done}")
    assert page.told == ""
    assert page.root.one("form", data_undo=None).is_hidden


def test_the_state_of_the_page_is_kept_by_every_form(browser: Client, user: User) -> None:
    add(user, "an order", kind="order")
    page = Page(browser, "/notifications/?view=unread&kind=order&q=order")
    for form in page.root.all("form", method="post"):
        assert form.one("input", name="next")["value"] == page.url
    page = page.press(own(page.row("an order"), "read"))
    assert page.url.startswith("/notifications/?view=unread&kind=order&q=order&done=read.1.")


@pytest.mark.parametrize(
    "form",
    [
        {"one": "read"},
        {"one": "read:x"},
        {"one": "delete:00000000-0000-0000-0000-000000000000"},
        {"bulk": "delete"},
        {"bulk": "read", "id": "x"},
        {"action": "read", "rev": "x"},
        {"action": "undo", "rev": "1"},
        {"rev": "1"},
    ],
)
def test_a_form_without_sense_is_400_and_changes_nothing(
    browser: Client, user: User, form: dict[str, str]
) -> None:
    assert browser.post(MARK, form).status_code == 400
    assert Inbox.state_of(user.pk).rev == 0


def test_no_form_reaches_what_is_somebody_elses(browser: Client, other: User) -> None:
    theirs = add(other, "for eve only")
    forms: list[dict[str, Any]] = [
        {"one": f"archive:{theirs.pk}"},
        {"bulk": "archive", "id": [str(theirs.pk)]},
        {"action": "archive", "through": "99", "view": "inbox"},
        {"action": "archive", "rev": "0"},
    ]
    for form in forms:
        assert browser.post(MARK, form).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.archived_at, theirs.rev) == (None, 0)
    assert Notification.objects.filter(recipient=other, archived_at=None).count() == 1


def test_nothing_on_a_page_of_the_list_is_read_by_looking_at_it(
    browser: Client, user: User
) -> None:
    Page(browser)
    Page(browser, "/notifications/?view=unread")
    assert Inbox.state_of(user.pk).unread == 3
    assert Inbox.state_of(user.pk).rev == 0
