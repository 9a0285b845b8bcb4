"""Preferences for programs: read, changed in part, all or nothing, and nobody else's."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.contract import user_key
from bellhop.preferences.choices import FOREVER, Choices, choices_of, mute, set_quiet_hours
from bellhop.preferences.quiet_hours import QuietHours
from rows.pages.preferences.conftest import API, NOON

pytestmark = pytest.mark.django_db
NIGHT = {"from": "22:00", "until": "07:00", "zone": "Europe/Berlin"}


def post(client: Client, body: Any) -> Any:
    return client.post(API, body, content_type="application/json")


def test_it_tells_what_is_declared_and_what_is_chosen(browser: Client, user: User) -> None:
    mute(user.pk, "order", NOON + timedelta(hours=1))
    answer = browser.get(API)
    told = answer.json()
    assert "no-store" in answer["Cache-Control"]
    assert told["kinds"][-3:] == [
        {"kind": "order", "label": "Orders & <returns>", "can_be_muted": True, "fixed": []},
        {"kind": "news", "label": "News", "can_be_muted": True, "fixed": []},
        {"kind": "alarm", "label": "Alarms", "can_be_muted": False, "fixed": ["inbox", "toast"]},
    ]
    assert told["channels"]["news"] == {"inbox": True, "toast": False, "desktop": False}
    assert told["mute"]["order"] == "2026-11-27T13:00:00Z"
    assert told["mute"]["*"] is None
    assert "alarm" not in told["mute"]
    assert (told["quiet"], told["kept_out"], told["user_key"]) == (None, {}, user_key(user))


def test_each_part_may_come_alone_and_the_others_stay(browser: Client, user: User) -> None:
    assert post(browser, {"channels": {"order": {"toast": False}}}).status_code == 200
    assert post(browser, {"mute": {"order": "2026-11-28T01:00:00+01:00"}}).status_code == 200
    answer = post(browser, {"quiet": NIGHT})
    assert answer.json()["quiet"] == NIGHT
    midnight = NOON + timedelta(hours=12)
    night = QuietHours(time(22), time(7), "Europe/Berlin")
    assert choices_of(user.pk) == Choices(
        {"order": {"toast": False}}, {"order": midnight}, night, "Europe/Berlin"
    )
    post(browser, {"mute": {"order": None}, "quiet": None})
    assert choices_of(user.pk) == Choices({"order": {"toast": False}}, zone="Europe/Berlin")
    assert post(browser, {"mute": {"*": "always"}}).json()["mute"]["*"] == "always"
    assert choices_of(user.pk).muted == {"*": FOREVER}
    assert post(browser, {}).status_code == 200


def test_what_it_tells_may_be_sent_back(browser: Client, user: User) -> None:
    post(
        browser,
        {"channels": {"order": {"toast": False}}, "mute": {"news": "always"}, "quiet": NIGHT},
    )
    before = choices_of(user.pk)
    told = browser.get(API).json()
    parts = {name: told[name] for name in ("channels", "mute", "quiet", "user_key")}
    assert post(browser, parts).status_code == 200
    assert choices_of(user.pk) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channels": {"gone": {"toast": False}}}, "channels"),
        ({"channels": {"order": {"fax": False}}}, "channels"),
        ({"channels": {"alarm": {"toast": False}}}, "channels"),
        ({"channels": {"order": {"toast": 0}}}, "toast"),
        ({"channels": []}, "channels"),
        ({"mute": {"gone": "always"}}, "mute"),
        ({"mute": {"alarm": "always"}}, "mute"),
        ({"mute": {"order": "2026-11-27T11:59:59Z"}}, "mute"),
        ({"mute": {"order": "2026-12-01T10:00:00"}}, "mute"),
        ({"mute": {"order": "2026-13-01T10:00:00Z"}}, "mute"),
        ({"mute": {"order": "tomorrow"}}, "mute"),
        ({"mute": {"order": 5}}, "order"),
        ({"quiet": {**NIGHT, "zone": "Mars/Olympus"}}, "zone"),
        ({"quiet": {**NIGHT, "from": "25:00"}}, "from"),
        ({"quiet": {**NIGHT, "until": "22:00"}}, "until"),
        ({"quiet": {"from": "22:00"}}, "until"),
        ({"quiet": {**NIGHT, "zone": "x" * 65}}, "zone"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_part_is_named_and_nothing_is_changed(
    browser: Client, user: User, body: dict[str, Any], field: str
) -> None:
    right: dict[str, Any] = {
        "channels": {"news": {"toast": True}},
        "mute": {"news": "always"},
        "quiet": NIGHT,
    }
    answer = post(browser, {**right, **body})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("invalid", field)
    assert error["message"]
    assert choices_of(user.pk) == Choices()


def test_it_is_each_ones_own_and_the_users_key_is_looked_at(
    browser: Client, user: User, other: User
) -> None:
    answer = post(browser, {"user_key": user_key(other), "mute": {"*": "always"}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_user")
    assert choices_of(user.pk) == choices_of(other.pk) == Choices()
    assert post(browser, {"user_key": user_key(user), "mute": {"*": "always"}}).status_code == 200
    assert choices_of(other.pk) == Choices()


def test_without_a_session_it_is_401_and_without_a_token_403(browser: Client, user: User) -> None:
    set_quiet_hours(user.pk, QuietHours(time(1), time(2), "UTC"))
    for method in ("get", "post"):
        answer = getattr(Client(), method)(API)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "no_session")
    browser.handler.enforce_csrf_checks = True
    answer = post(browser, {"quiet": None})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert choices_of(user.pk).quiet is not None
