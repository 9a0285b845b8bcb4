"""What people choose: kept, refused where it cannot be, and safe from each other."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import JSONField, Value
from django.utils import timezone

from bellhop.kinds import Kind
from bellhop.kinds.registry import find
from bellhop.models import Preferences
from bellhop.preferences.choices import (
    EVERY,
    FOREVER,
    ChoiceError,
    Choices,
    choices_of,
    choose,
    effective,
    mute,
    muted_until,
    quiet_hours,
    set_quiet_hours,
    unmute,
)
from bellhop.preferences.quiet_hours import QuietHours
from rows.waiting import PATIENCE, in_thread

pytestmark = pytest.mark.django_db(transaction=True)

NIGHT = QuietHours(time(22), time(7), "Europe/Berlin")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(kinds: Any) -> None:
    kinds(
        Kind("order"),
        Kind("news", importance="low"),
        Kind("alarm", can_be_muted=False),
        Kind("gone"),
    )


def test_who_never_chose_has_what_is_declared(user: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        choices = choices_of(user.pk)
    assert choices == Choices()
    found = {
        (name, channel): effective(find(name), channel, choices)  # type: ignore[arg-type]
        for name in ("order", "news", "alarm")
        for channel in ("inbox", "toast", "desktop")
    }
    assert [each for each, on in found.items() if on] == [
        ("order", "inbox"), ("order", "toast"), ("news", "inbox"), ("alarm", "inbox"), ("alarm", "toast"),
    ]  # fmt: skip


def test_a_choice_is_kept_and_is_nobody_elses(user: User, other: User) -> None:
    choose(user.pk, "order", "toast", False)
    choose(user.pk, "order", "desktop", True)
    choose(user.pk, "news", "inbox", False)
    choices = choices_of(user.pk)
    assert choices.channels == {
        "order": {"toast": False, "desktop": True},
        "news": {"inbox": False},
    }
    assert not effective(find("order"), "toast", choices)
    assert effective(find("order"), "desktop", choices)
    assert effective(find("order"), "inbox", choices)
    assert choices_of(other.pk) == Choices()


def test_what_is_declared_anyway_is_not_stored(user: User) -> None:
    choose(user.pk, "order", "toast", False)
    choose(user.pk, "order", "toast", True)
    assert Preferences.objects.get(pk=user.pk).channels == {}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("nothing", "toast", False), "kind"),
        (("undeclared", "toast", False), "kind"),
        ((EVERY, "toast", False), "kind"),
        ((None, "toast", False), "kind"),
        (("order", "smoke", False), "channel"),
        (("order", None, False), "channel"),
        (("order", ["toast"], False), "channel"),
        (("order", "toast", "off"), "value"),
        (("order", "toast", 0), "value"),
        (("alarm", "inbox", False), "kind"),
        (("alarm", "toast", False), "kind"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(user: User, arguments: Any, field: str) -> None:
    with pytest.raises(ChoiceError) as caught:
        choose(user.pk, *arguments)
    assert caught.value.field == field
    assert str(caught.value) == f"{field}: {caught.value.sentence}"
    assert not Preferences.objects.filter(pk=user.pk).exists()


def test_a_kind_that_cannot_be_muted_may_still_come_to_the_desktop(user: User) -> None:
    choose(user.pk, "alarm", "desktop", True)
    assert effective(find("alarm"), "desktop", choices_of(user.pk))


def test_a_mute_lasts_until_then(user: User) -> None:
    until = timezone.now() + timedelta(hours=8)
    mute(user.pk, "order", until)
    choices = choices_of(user.pk)
    assert muted_until("order", choices, timezone.now()) == until
    assert muted_until("order", choices, until - timedelta(seconds=1)) == until
    assert muted_until("order", choices, until) is None
    assert muted_until("news", choices, timezone.now()) is None
    assert muted_until(EVERY, choices, timezone.now()) is None


def test_a_mute_of_all_is_a_mute_of_each_that_can_be(user: User) -> None:
    until = timezone.now() + timedelta(hours=8)
    mute(user.pk, EVERY, until)
    mute(user.pk, "order", until + timedelta(hours=1))
    choices, now = choices_of(user.pk), timezone.now()
    assert muted_until("news", choices, now) == until
    assert muted_until("order", choices, now) == until + timedelta(hours=1)
    assert muted_until("nobody.declares.me", choices, now) == until
    assert muted_until("alarm", choices, now) is None
    assert muted_until(EVERY, choices, now) == until


def test_a_mute_until_further_notice_ends_by_unmute_alone(user: User) -> None:
    mute(user.pk, "order", None)
    assert muted_until("order", choices_of(user.pk), NOW.replace(year=9998)) == FOREVER
    for hours in (-14, 14):
        # It can be shown anywhere.
        FOREVER.astimezone(timezone.get_fixed_timezone(hours * 60))
    unmute(user.pk, "order")
    assert choices_of(user.pk).muted == {}
    unmute(user.pk, "order")
    unmute(user.pk, EVERY)


def test_a_mute_that_cannot_be_is_refused(user: User) -> None:
    now = timezone.now()
    for name, until, field in (
        ("nothing", None, "kind"),
        ("alarm", None, "kind"),
        ("alarm", now + timedelta(hours=1), "kind"),
        ("order", now - timedelta(seconds=1), "until"),
        ("order", "tomorrow", "until"),
    ):
        with pytest.raises(ChoiceError) as caught:
            mute(user.pk, name, until)  # type: ignore[arg-type]
        assert caught.value.field == field
    with pytest.raises(ChoiceError, match="nothing"):
        unmute(user.pk, "nothing")
    mute(user.pk, "order", datetime.max.replace(tzinfo=UTC))
    assert choices_of(user.pk).muted == {"order": FOREVER}


def test_quiet_hours_are_kept_changed_and_taken_back(user: User) -> None:
    set_quiet_hours(user.pk, NIGHT)
    assert choices_of(user.pk).quiet == NIGHT
    set_quiet_hours(user.pk, None)
    assert choices_of(user.pk).quiet is None
    assert Preferences.objects.get(pk=user.pk).time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "field"),
    [
        (time(22), None, "Europe/Berlin", "ends"),
        (None, time(7), "Europe/Berlin", "starts"),
        (time(22), time(7), "Europe/Bonn", "zone"),
        (time(22), time(7), "", "zone"),
        (time(22), time(7), "Europe", "zone"),
        (time(22), time(7), "../../etc/passwd", "zone"),
        (time(22), time(7), "\x00", "zone"),
        (time(22), time(7), None, "zone"),
        (time(22, tzinfo=UTC), time(7), "Europe/Berlin", "starts"),
        ("22:00", time(7), "Europe/Berlin", "starts"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(
    user: User, starts: Any, ends: Any, zone: Any, field: str
) -> None:
    with pytest.raises(ChoiceError) as caught:
        quiet_hours(starts, ends, zone)
    assert caught.value.field == field
    with pytest.raises(ChoiceError):
        set_quiet_hours(user.pk, QuietHours(starts, ends, zone))
    assert choices_of(user.pk).quiet is None


def test_a_choice_about_a_kind_that_is_gone_stays_and_does_nothing(user: User, kinds: Any) -> None:
    choose(user.pk, "gone", "inbox", False)
    mute(user.pk, "gone", None)
    kinds.forget("gone")
    choices = choices_of(user.pk)
    assert choices.channels == {"gone": {"inbox": False}}
    assert effective(find("gone"), "inbox", choices)
    assert muted_until("gone", choices, NOW) is None
    choose(user.pk, "order", "toast", False)
    assert "gone" in choices_of(user.pk).channels
    assert "gone" in choices_of(user.pk).muted


@pytest.mark.parametrize(
    "columns",
    [
        {"channels": [], "muted": []},
        {"channels": {"order": 7}, "muted": {"order": "soon"}},
        {"channels": {"order": {"toast": "no"}}, "muted": {"order": None}},
        {"channels": None, "muted": "order"},
        {"quiet_from": time(22)},
    ],
)
def test_a_row_that_was_edited_by_hand_chooses_nothing_and_can_be_changed(
    user: User, columns: dict[str, Any]
) -> None:
    columns = {
        name: Value(value, JSONField()) if name in ("channels", "muted") else value
        for name, value in columns.items()
    }
    Preferences.objects.create(user=user)
    Preferences.objects.filter(pk=user.pk).update(**columns)
    choices = choices_of(user.pk)
    assert effective(find("order"), "toast", choices)
    assert muted_until("order", choices, NOW) is None
    assert choices.quiet is None
    choose(user.pk, "order", "toast", False)
    assert not effective(find("order"), "toast", choices_of(user.pk))


def test_eight_who_choose_at_once_lose_nothing(user: User, kinds: Any) -> None:
    names = [f"kind{number}" for number in range(8)]
    kinds(*map(Kind, names))

    def choose_for(name: str) -> None:
        choose(user.pk, name, "toast", False)
        mute(user.pk, name, None)
        choose(user.pk, name, "desktop", True)

    for each in [in_thread(choose_for, name) for name in names]:
        each.result(PATIENCE)
    choices = choices_of(user.pk)
    assert choices.channels == {name: {"toast": False, "desktop": True} for name in names}
    assert choices.muted == dict.fromkeys(names, FOREVER)
