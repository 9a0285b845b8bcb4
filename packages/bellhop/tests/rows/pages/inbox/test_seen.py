"""What somebody has seen: a page without a script tells by a picture."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.models import Inbox
from rows.pages.conftest import add
from rows.pages.inbox.document import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
SEEN = "/notifications/seen/"


def pictures(page: Page) -> list[str]:
    return [each["src"] for part in page.root.all("noscript") for each in part.all("img")]


def test_a_browser_without_a_script_says_that_the_list_was_seen(
    browser: Client, user: User
) -> None:
    (picture,) = pictures(Page(browser))
    assert Inbox.state_of(user.pk).seen == 0
    answer = browser.get(picture)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/gif")
    assert "no-store" in answer.headers["Cache-Control"]
    assert Inbox.state_of(user.pk) == (3, 1, 3, 3)


def test_what_was_seen_is_not_said_again(browser: Client) -> None:
    (picture,) = pictures(Page(browser))
    browser.get(picture)
    assert pictures(Page(browser)) == []


def test_a_page_of_older_ones_does_not_say_so(browser: Client) -> None:
    assert pictures(Page(browser, "/notifications/?before=3")) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_page_of_another_site_marks_nothing(browser: Client, user: User, site: str) -> None:
    browser.get(f"{SEEN}?through=3", headers={"sec-fetch-site": site})
    assert Inbox.state_of(user.pk).seen == 0


@pytest.mark.parametrize("through", ["", "x", "-1"])
def test_nonsense_marks_nothing(browser: Client, user: User, through: str) -> None:
    assert browser.get(SEEN, {"through": through}).status_code == 200
    assert Inbox.state_of(user.pk).seen == 0


def test_nobody_has_seen_what_has_not_come(browser: Client, user: User) -> None:
    browser.get(f"{SEEN}?through=99")
    add(user, "later")
    assert Inbox.state_of(user.pk).seen == 3
