"""What a person has chosen is what happens: with a clock that is set, and nobody else concerned."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bellhop import frame_from_row
from bellhop.kinds import Kind, registry
from bellhop.models import Notification, Preferences
from bellhop.notify import notify, notify_many
from bellhop.preferences.choices import (
    EVERY,
    choices_of,
    choose,
    effective,
    mute,
    set_quiet_hours,
    unmute,
)
from bellhop.preferences.decide import Decision, decide
from bellhop.preferences.quiet_hours import QuietHours
from rows.conftest import Clock, Kinds, Rings
from rows.waiting import PATIENCE, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(kinds: Kinds, rings: Rings) -> None:
    kinds(
        Kind("order"),
        Kind("news", importance="low"),
        Kind("alarm", importance="high"),
        Kind("bill", can_be_muted=False),
        Kind("offer", channels=()),
        Kind("few", at_most=3),
    )


def told(user: User) -> list[tuple[str, int | None, bool, bool, bool]]:
    """Return what is stored: kind, seq, toast, desktop, in_storm."""
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("kind", "seq", "toast", "desktop", "in_storm"))


def test_where_nothing_was_chosen_all_is_told(user: User, clock: Clock) -> None:
    for kind in ("order", "alarm", "bill", "message", "undeclared"):
        notify(user, "hi", kind=kind)
    assert [each[2:] for each in told(user)] == [(True, False, False)] * 5
    notify(user, "hi", kind="news")
    assert told(user)[-1] == ("news", 6, False, False, False)


def test_a_muted_kind_is_refused_and_costs_neither_a_row_nor_a_number_nor_a_frame(
    user: User, other: User, clock: Clock, rings: Rings
) -> None:
    mute(user.pk, "order", clock.now + timedelta(hours=1))
    first = notify(user, "before", kind="bill")
    refused = notify(user, "hi", kind="order", data={"n": 7})
    last = notify(user, "after", kind="bill")
    theirs = notify(other, "hi", kind="order")
    assert (refused.is_refused, refused.seq, refused._state.adding) == (True, None, True)
    assert (refused.kind, refused.message, refused.data) == ("order", "hi", {"n": 7})
    assert not first.is_refused
    assert [row.seq for row in (first, last, theirs)] == [1, 2, 1]
    assert [each[:2] for each in told(user)] == [("bill", 1), ("bill", 2)]
    assert rings.rung() == [str(row.pk) for row in (first, last, theirs)]


def test_a_mute_ends_by_itself_and_by_hand(user: User, clock: Clock) -> None:
    mute(user.pk, "order", clock.now + timedelta(hours=1))
    clock.move(minutes=59, seconds=59)
    assert notify(user, "hi", kind="order").is_refused
    clock.move(seconds=1)
    assert notify(user, "hi", kind="order").seq == 1
    mute(user.pk, "order", None)
    clock.move(days=10_000)
    assert notify(user, "hi", kind="order").is_refused
    unmute(user.pk, "order")
    assert notify(user, "hi", kind="order").seq == 2


def test_a_mute_of_all_spares_what_cannot_be_muted(user: User, clock: Clock) -> None:
    mute(user.pk, EVERY, clock.now + timedelta(hours=8))
    kinds = ("order", "news", "alarm", "bill", "login", "message", "undeclared")
    assert [kind for kind in kinds if not notify(user, "hi", kind=kind).is_refused] == ["bill", "login"]  # fmt: skip
    assert [each[0] for each in told(user)] == ["bill", "login"]


def test_who_wants_no_list_gets_none_and_who_wants_an_offer_gets_it(
    user: User, other: User, clock: Clock
) -> None:
    choose(user.pk, "order", "inbox", False)
    choose(other.pk, "offer", "inbox", True)
    assert notify(user, "hi", kind="order").is_refused
    assert notify(user, "hi", kind="offer").is_refused
    assert not notify(other, "hi", kind="order").is_refused
    assert notify(other, "hi", kind="offer").seq == 2
    assert told(other)[-1] == ("offer", 2, False, False, False)


def test_toast_and_desktop_are_as_chosen(user: User, other: User, clock: Clock) -> None:
    choose(user.pk, "order", "toast", False)
    choose(user.pk, "order", "desktop", True)
    choose(user.pk, "news", "toast", True)
    choose(user.pk, "bill", "desktop", True)
    for kind in ("order", "news", "bill"):
        notify(user, "hi", kind=kind)
        notify(other, "hi", kind=kind)
    # Nothing is told of on the desktop that is told of nowhere else.
    assert [each[2:4] for each in told(user)] == [(False, False), (True, False), (True, True)]
    assert [each[2:4] for each in told(other)] == [(True, False), (False, False), (True, False)]


def test_what_a_row_past_the_page_says_cannot_mute_what_cannot_be_muted(
    user: User, clock: Clock
) -> None:
    Preferences.objects.create(
        user=user,
        channels={"bill": {"inbox": False, "toast": False}, "login": {"inbox": False}},
        muted={"bill": "9999-01-01T00:00:00+00:00", "login": "9999-01-01T00:00:00+00:00"},
    )
    notify(user, "hi", kind="bill")
    notify(user, kind="login")
    assert told(user) == [("bill", 1, True, False, False), ("login", 2, True, False, False)]


def test_in_quiet_hours_all_but_what_matters_is_only_listed(
    user: User, other: User, clock: Clock
) -> None:
    set_quiet_hours(user.pk, QuietHours(time(22), time(7), "Europe/Berlin"))
    choose(user.pk, "alarm", "desktop", True)
    choose(user.pk, "order", "desktop", True)
    clock.move(hours=9, seconds=-1)
    notify(user, "one second to ten", kind="order")
    clock.move(seconds=1)
    for kind in ("order", "bill", "message", "undeclared", "alarm", "login"):
        notify(user, "hi", kind=kind)
        notify(other, "hi", kind=kind)
    clock.move(hours=9)
    notify(user, "seven", kind="order")
    assert [(kind, *rest) for kind, _, *rest in told(user)] == [
        ("order", True, True, False),
        ("order", False, False, False),
        ("bill", True, False, False),
        ("message", False, False, False),
        ("undeclared", False, False, False),
        ("alarm", True, True, False),
        ("login", True, False, False),
        ("order", True, True, False),
    ]
    assert all(each[2] for each in told(other))
    frames = [frame_from_row.frame(row) for row in Notification.objects.filter(recipient=user)]
    assert {frame.get("toast", True) for frame in frames} == {True, False}


def test_in_a_zone_that_is_gone_all_is_told(user: User, clock: Clock, lines: list[Any]) -> None:
    Preferences.objects.create(
        user=user, quiet_from=time(0), quiet_until=time(23, 59), time_zone="Europe/Bonn"
    )
    notify(user, "hi", kind="order")
    assert told(user)[-1][2]
    assert [line["about"] for line in lines if line["event"] == "time_zone_gone"] == ["Europe/Bonn"]


def test_of_a_storm_the_first_are_told_and_the_rest_is_listed(
    user: User, other: User, clock: Clock
) -> None:
    for _ in range(5):
        notify(user, "hi", kind="few")
        clock.move(seconds=1)
    notify(other, "hi", kind="few")
    notify(user, "hi", kind="order")
    assert [each[2:] for each in told(user)[:5]] == [
        *[(True, False, False)] * 3, *[(False, False, True)] * 2,
    ]  # fmt: skip
    assert told(user)[5] == ("order", 6, True, False, False)
    assert told(other)[0][2:] == (True, False, False)
    # A minute after the first one there is room for one more, and no more.
    clock.move(seconds=54)
    notify(user, "59 s", kind="few")
    clock.move(seconds=1)
    notify(user, "60 s", kind="few")
    notify(user, "60 s", kind="few")
    assert [each[2] for each in told(user)[6:]] == [False, True, False]


def test_a_storm_goes_on_in_a_transaction_and_in_many(user: User, clock: Clock) -> None:
    with transaction.atomic():
        for _ in range(4):
            notify(user, "hi", kind="few")
    notify_many([user], "hi", kind="few")
    assert [each[4] for each in told(user)] == [False, False, False, True, True]


def test_what_is_not_told_anyway_is_no_storm(user: User, clock: Clock) -> None:
    """A summary of it would be a toast of what shall have none."""
    choose(user.pk, "few", "toast", False)
    for _ in range(5):
        notify(user, "hi", kind="few")
    assert {each[2:] for each in told(user)} == {(False, False, False)}


def test_summaries_are_not_counted(user: User, clock: Clock) -> None:
    for seq in range(1, 6):
        Notification.objects.create(
            recipient=user, seq=seq, kind="few", created=clock.now, sums_up=4
        )
    notify(user, "hi", kind="few")
    assert told(user)[-1][2:] == (True, False, False)


def test_what_seems_to_come_from_later_does_not_count(user: User, clock: Clock) -> None:
    for _ in range(3):
        notify(user, "hi", kind="few")
    clock.move(hours=-1)
    for _ in range(4):
        notify(user, "hi", kind="few")
    assert [each[4] for each in told(user)] == [False] * 6 + [True]


def test_eight_at_once_tell_at_most_eight_more(user: User) -> None:
    def storm() -> None:
        for _ in range(5):
            notify(user, "hi", kind="few")

    for each in [in_thread(storm) for _ in range(8)]:
        each.result(PATIENCE)
    rows = told(user)
    assert [each[1] for each in rows] == list(range(1, 41))
    assert 3 <= sum(each[2] for each in rows) <= 3 + 7
    assert all(each[2] != each[4] for each in rows)


def test_each_of_many_gets_what_they_have_chosen(
    user: User, other: User, clock: Clock, django_assert_num_queries: Any
) -> None:
    third, fourth = (User.objects.create_user(name) for name in ("bob", "joe"))
    mute(user.pk, "order", None)
    choose(other.pk, "order", "desktop", True)
    set_quiet_hours(third.pk, QuietHours(time(0), time(23), "UTC"))
    with django_assert_num_queries(3):
        # What each chose, the rows, the refusal.
        rows = notify_many([fourth, third, other, user], "hi", kind="order")
    assert [(row.recipient_id, row.seq, row.toast, row.desktop) for row in rows] == [
        (other.pk, 1, True, True), (third.pk, 1, False, False), (fourth.pk, 1, True, False),
    ]  # fmt: skip
    assert told(user) == []
    assert [told(each)[0][2:4] for each in (other, third, fourth)] == [
        (True, True), (False, False), (True, False),
    ]  # fmt: skip


def test_a_decision_for_many_is_one_query(user: User, other: User, clock: Clock) -> None:
    mute(user.pk, EVERY, None)
    for kind in ("order", "message", "undeclared"):
        with CaptureQueriesContext(connection) as queries:
            found = decide([user.pk, other.pk], kind, clock.now)
        assert len(queries) == 1
        assert found == {user.pk: Decision(keeps=False, toast=False), other.pk: Decision()}


def test_a_kind_that_is_gone_is_told_as_any(user: User, clock: Clock, kinds: Kinds) -> None:
    choose(user.pk, "order", "inbox", False)
    mute(user.pk, "order", None)
    kinds.forget("order")
    notify(user, "hi", kind="order")
    assert told(user) == [("order", 1, True, False, False)]


def test_a_choice_about_a_kind_called_undeclared_is_about_no_other(
    user: User, clock: Clock, kinds: Kinds
) -> None:
    kinds(Kind("undeclared"))
    choose(user.pk, "undeclared", "inbox", False)
    mute(user.pk, "undeclared", None)
    assert notify(user, "hi", kind="undeclared").is_refused
    notify(user, "hi", kind="nobody.declares.me")
    assert told(user) == [("nobody.declares.me", 1, True, False, False)]
    assert effective(registry.find("nobody.declares.me"), "inbox", choices_of(user.pk))
