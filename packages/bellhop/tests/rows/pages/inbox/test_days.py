"""Headings of days in the viewer's own zone, and threads below them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.models import Preferences
from rows.conftest import Clock
from rows.pages.conftest import add
from rows.pages.inbox.document import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock: Clock) -> None:
    """It is noon in UTC, on Friday, 27 November 2026."""


def headings(page: Page) -> dict[str, str]:
    return {day["data-day"]: day.one("h2").text for day in page.root.all("section", data_day=None)}


def came(user: User, message: str, *when: int, **columns: Any) -> None:
    add(user, message, created=datetime(*when, tzinfo=UTC), **columns)  # type: ignore[arg-type]


def test_days_are_named_today_yesterday_or_by_their_date(browser: Client, user: User) -> None:
    came(user, "last year", 2025, 12, 31, 9)
    came(user, "in June", 2026, 6, 1, 9)
    came(user, "yesterday", 2026, 11, 26, 9)
    came(user, "today", 2026, 11, 27, 9)
    page = Page(browser)
    assert headings(page) == {
        "2026-11-27": "Today",
        "2026-11-26": "Yesterday",
        "2026-06-01": "Monday, June 1",
        "2025-12-31": "Dec. 31, 2025",
    }
    assert page.messages == ["today", "yesterday", "in June", "last year"]


def test_each_list_is_named_by_its_day(browser: Client, user: User) -> None:
    came(user, "today", 2026, 11, 27, 9)
    page = Page(browser)
    day = page.root.one("section", data_day=None)
    assert day.one(role="list")["aria-labelledby"] == day.one("h2")["id"]


def test_the_browsers_zone_decides_which_day_it_was(browser: Client, user: User) -> None:
    came(user, "late", 2026, 11, 26, 23, 30)
    assert headings(Page(browser)) == {"2026-11-26": "Yesterday"}
    browser.cookies["bellhop_zone"] = "Europe/Berlin"
    page = Page(browser)
    assert headings(page) == {"2026-11-27": "Today"}
    assert page.rows[0].one("time").text == "00:30"
    assert page.rows[0].one("time")["datetime"] == "2026-11-26T23:30:00.000Z"
    assert page.root.one("bellhop-inbox")["data-zone"] == "Europe/Berlin"
    assert "Times are in Europe/Berlin." in page.html


def test_the_zone_that_somebody_has_chosen_comes_before_the_browsers(
    browser: Client, user: User
) -> None:
    Preferences.objects.create(user=user, time_zone="Asia/Tokyo")
    browser.cookies["bellhop_zone"] = "Europe/Berlin"
    assert Page(browser).root.one("bellhop-inbox")["data-zone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    "nonsense",
    ["Nowhere/Land", "../../etc/passwd", "/etc/localtime", "x" * 5000, "<b>", "posixrules"],
)
def test_a_zone_that_is_none_is_the_projects_own(
    browser: Client, user: User, settings: Any, nonsense: str
) -> None:
    settings.TIME_ZONE = "America/Lima"
    browser.cookies["bellhop_zone"] = nonsense
    assert Page(browser).root.one("bellhop-inbox")["data-zone"] == "America/Lima"


def test_a_thread_stands_under_its_newest_of_the_day(browser: Client, user: User) -> None:
    came(user, "paid, yesterday", 2026, 11, 26, 9, thread="order:7")
    came(user, "packed", 2026, 11, 27, 9, thread="order:7")
    came(user, "something else", 2026, 11, 27, 10)
    came(user, "labelled", 2026, 11, 27, 10, 30, thread="order:7")
    came(user, "shipped", 2026, 11, 27, 11, thread="order:7")
    page = Page(browser)
    (thread,) = page.root.all("details", data_thread="order:7")
    assert thread.one("summary").text == "2 earlier updates"
    older = thread.one(role="list").all(data_testid="notification")
    assert [row.one("a", data_message=None).text for row in older] == ["labelled", "packed"]
    assert page.messages == ["shipped", "labelled", "packed", "something else", "paid, yesterday"]


def test_one_earlier_update_is_told_of_as_one(browser: Client, user: User) -> None:
    came(user, "packed", 2026, 11, 27, 9, thread="order:7")
    came(user, "shipped", 2026, 11, 27, 10, thread="order:7")
    assert Page(browser).root.one("summary").text == "1 earlier update"


def test_what_has_no_thread_and_other_threads_stand_apart(browser: Client, user: User) -> None:
    for thread in ("", "", "order:7", "order:8"):
        came(user, "one", 2026, 11, 27, 9, thread=thread)
    assert Page(browser).root.all("details") == []


def test_what_was_made_ahead_of_the_clock_has_its_date(browser: Client, user: User) -> None:
    add(user, "tomorrow", created=datetime(2026, 11, 27, 12, tzinfo=UTC) + timedelta(days=1))  # type: ignore[arg-type]
    assert headings(Page(browser)) == {"2026-11-28": "Saturday, November 28"}
