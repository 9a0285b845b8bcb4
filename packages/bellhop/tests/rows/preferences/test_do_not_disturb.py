"""While somebody does not want to be disturbed, what can wait is listed without a toast, and nothing else changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bellhop.kinds import Kind
from bellhop.models import Preferences
from bellhop.preferences import choices
from bellhop.preferences.choices import Choices
from bellhop.preferences.decide import Decision, decide
from bellhop.preferences.do_not_disturb import until
from rows.conftest import Kinds

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(kinds: Kinds) -> None:
    kinds(Kind("order"), Kind("alarm", importance="high"), Kind("bill", can_be_muted=False))


def told(user: User, kind: str, at: datetime = NOW) -> Decision:
    return decide([user.pk], kind, at)[user.pk]


def test_what_can_wait_is_only_listed_until_then_and_told_from_then_on(user: User) -> None:
    choices.set_do_not_disturb(user.pk, NOW + timedelta(hours=1))
    assert told(user, "order") == Decision(toast=False)
    assert told(user, "order", NOW + timedelta(hours=1)).toast
    choices.set_do_not_disturb(user.pk, None)
    assert told(user, "order").toast


@pytest.mark.parametrize("kind", ["alarm", "bill"])
def test_what_is_important_or_cannot_be_muted_is_told_all_the_same(user: User, kind: str) -> None:
    choices.set_do_not_disturb(user.pk, NOW + timedelta(hours=1))
    assert told(user, kind).toast


def test_nobody_else_is_left_in_peace(user: User, other: User) -> None:
    choices.set_do_not_disturb(user.pk, NOW + timedelta(hours=1))
    assert told(other, "order").toast


def test_it_keeps_what_else_was_chosen(user: User) -> None:
    choices.choose(user.pk, "order", "toast", False)
    choices.set_do_not_disturb(user.pk, NOW)
    row = Preferences.objects.get(pk=user.pk)
    assert row.channels == {"order": {"toast": False}}
    assert choices.choices_of(user.pk).do_not_disturb == NOW


@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("UTC", "2026-11-27T12:00Z", "2026-11-28T08:00Z"),
        ("UTC", "2026-11-27T07:59Z", "2026-11-27T08:00Z"),
        ("UTC", "2026-11-27T08:00Z", "2026-11-28T08:00Z"),
        ("Europe/Istanbul", "2026-11-27T04:00Z", "2026-11-27T05:00Z"),
        # The clocks go forward in that night.
        ("Europe/Berlin", "2026-03-28T22:00Z", "2026-03-29T06:00Z"),
        ("Nowhere/Any", "2026-11-27T12:00Z", "2026-11-28T08:00Z"),
    ],
)
def test_a_morning_is_the_next_one_where_the_person_lives(
    zone: str, now: str, morning: str
) -> None:
    found = until("morning", Choices(zone=zone), datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(morning)


def test_an_hour_is_an_hour() -> None:
    now = timezone.now()
    assert until("hour", Choices(), now) == now + timedelta(hours=1)
