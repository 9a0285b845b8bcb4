"""The quiet hours on the page: written, written wrong, switched off, and in a zone that is gone."""

import re
from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.models import Preferences
from bellhop.preferences.choices import choices_of
from bellhop.preferences.quiet_hours import QuietHours
from rows.pages.preferences.conftest import PAGE, Page, text

pytestmark = pytest.mark.django_db
NIGHT = {"do": "quiet", "from": "22:00", "until": "07:00", "zone": "Europe/Berlin"}


def zone(html: str) -> list[str]:
    return re.findall(r"<option selected>([^<]*)<", html)


def test_they_are_kept_as_they_are_written_and_switched_off_again(
    browser: Client, user: User
) -> None:
    page = Page(browser).send(**NIGHT)
    assert page.said == "Quiet hours: 22:00 to 07:00, Europe/Berlin."
    assert choices_of(user.pk).quiet == QuietHours(time(22), time(7), "Europe/Berlin")
    assert (page.fields("from"), page.fields("until")) == (["22:00"], ["07:00"])
    assert zone(page.html) == ["Europe/Berlin"]
    page = page.send(**{**NIGHT, "do": "no-quiet"})
    assert page.said == "Quiet hours are off."
    assert choices_of(user.pk).quiet is None
    assert (page.fields("from"), page.fields("until")) == ([""], [""])


def test_the_zone_stays_chosen_when_they_are_switched_off(
    browser: Client, user: User, other: User
) -> None:
    page = Page(browser).send(**NIGHT).send(**{**NIGHT, "do": "no-quiet"})
    assert zone(page.html) == ["Europe/Berlin"]
    assert 'data-zone="chosen"' in page.html
    Preferences.objects.update(time_zone="Gone/Zone")
    page = Page(browser)
    assert zone(page.html) == ["UTC"]
    assert 'data-zone="browser"' in page.html
    assert "does not exist any more" not in page.html
    browser.force_login(other, "django.contrib.auth.backends.ModelBackend")
    assert zone(Page(browser).html) == ["UTC"]


def test_the_page_says_what_is_told_in_them_all_the_same_and_how_to_end_them(
    browser: Client,
) -> None:
    html = Page(browser).send(**NIGHT).html
    assert "Important ones, and those that cannot be muted, still get their toast." in html
    (button,) = re.findall(r"<button [^>]*>Turn off</button>", html)
    # As any other button of the page.
    assert 'class="bellhop-button"' in button
    assert "bellhop-button-quiet" not in html


def test_the_sites_zone_is_proposed_until_one_is_chosen_and_the_browser_may_know_better(
    browser: Client, settings: Any
) -> None:
    settings.TIME_ZONE = "America/Chicago"
    html = Page(browser).html
    assert zone(html) == ["America/Chicago"]
    assert 'data-zone="browser"' in html
    html = Page(browser).send(**NIGHT).html
    assert zone(html) == ["Europe/Berlin"]
    assert 'data-zone="chosen"' in html


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"from": ""}, "from", "must be a time of the day"),
        ({"from": "25:00"}, "from", "must be a time of the day"),
        ({"until": "soon"}, "until", "must be a time of the day"),
        ({"until": "22:00"}, "until", "must be another time"),
        ({"zone": "Mars/Olympus"}, "zone", "there is no time zone"),
        ({"zone": "../../etc/passwd"}, "zone", "there is no time zone"),
        ({"zone": ""}, "zone", "there is no time zone"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_what_was_written_is_still_there(
    browser: Client, user: User, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = browser.post(PAGE, {**NIGHT, **wrong})
    html = answer.content.decode()
    assert answer.status_code == 400
    (error,) = re.findall(rf'id="bellhop-{field}-error" role="alert">([^<]*)<', html)
    assert sentence in text(error)
    assert html.count("aria-invalid") == 1
    assert re.search(
        rf'name="{field}"[^>]*aria-invalid="true" aria-describedby="bellhop-{field}-error"', html
    )
    for name in {"from", "until"} - wrong.keys():
        assert f'name="{name}" value="{NIGHT[name]}"' in html
    assert choices_of(user.pk).quiet is None


def test_a_zone_that_is_gone_is_said_and_stays_what_is_chosen(browser: Client, user: User) -> None:
    Preferences.objects.create(
        user=user, quiet_from="22:00", quiet_until="07:00", time_zone="Gone/Zone"
    )
    html = Page(browser).html
    assert "The time zone Gone/Zone does not exist any more" in html
    assert zone(html) == ["Gone/Zone"]
