"""Do not disturb, from the page and for programs: for an hour or until the morning, for oneself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.preferences.choices import choices_of, set_do_not_disturb
from rows.pages.preferences.conftest import API, NOON, PAGE, Page

pytestmark = pytest.mark.django_db


def post(client: Client, body: Any) -> Any:
    return client.post(API, body, content_type="application/json")


def test_the_page_switches_it_on_and_off(
    browser: Client, user: User, set_clock: Callable[[datetime], None]
) -> None:
    page = Page(browser).send(do="do-not-disturb", **{"for": "hour"})
    assert page.said == "Do not disturb is on until 27 Nov 2026, 13:00 (UTC)."
    assert "On until 27 Nov 2026, 13:00 (UTC)" in " ".join(page.html.split()).replace(
        '<time datetime="2026-11-27T13:00:00Z" data-moment>', ""
    )
    assert 'value="morning"' not in page.html
    page = page.send(do="do-not-disturb", **{"for": ""})
    assert page.said == "Do not disturb is off."
    assert choices_of(user.pk).do_not_disturb is None
    page = page.send(do="do-not-disturb", **{"for": "morning"})
    assert choices_of(user.pk).do_not_disturb == NOON + timedelta(hours=20)
    set_clock(NOON + timedelta(hours=20))
    assert 'value="morning"' in Page(browser).html


def test_a_form_that_is_none_of_the_pages_changes_nothing(browser: Client, user: User) -> None:
    assert browser.post(PAGE, {"do": "do-not-disturb", "for": "ever"}).status_code == 400
    answer = browser.post(PAGE, {"do": "do-not-disturb", "for": "hour", "user_key": "7-7"})
    assert answer.status_code == 302
    assert choices_of(user.pk).do_not_disturb is None


def test_programs_read_and_set_it(
    browser: Client, user: User, other: User, set_clock: Callable[[datetime], None]
) -> None:
    assert browser.get(API).json()["do_not_disturb"] is None
    answer = post(browser, {"do_not_disturb": "hour"})
    assert answer.json()["do_not_disturb"] == "2026-11-27T13:00:00Z"
    # What is not named stays.
    assert post(browser, {}).json()["do_not_disturb"] == "2026-11-27T13:00:00Z"
    assert choices_of(other.pk).do_not_disturb is None
    set_clock(NOON + timedelta(hours=1))
    assert browser.get(API).json()["do_not_disturb"] is None
    set_do_not_disturb(user.pk, NOON + timedelta(days=1))
    assert post(browser, {"do_not_disturb": None}).json()["do_not_disturb"] is None


@pytest.mark.parametrize("value", ["", "ever", 1, "2026-11-28T00:00:00Z"])
def test_what_is_no_length_is_refused(browser: Client, user: User, value: object) -> None:
    answer = post(browser, {"do_not_disturb": value})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "do_not_disturb")
    assert choices_of(user.pk).do_not_disturb is None


def test_the_morning_is_that_of_the_zone_that_comes_with_it(browser: Client) -> None:
    quiet = {"from": "22:00", "until": "07:00", "zone": "Asia/Tokyo"}
    answer = post(browser, {"quiet": quiet, "do_not_disturb": "morning"})
    assert answer.json()["do_not_disturb"] == "2026-11-27T23:00:00Z"
