"""What an inbox refuses is counted: after the commit, without a lock before it, and never at the price of an error."""

from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop.kinds import Kind
from bellhop.models import Notification, Refusal
from bellhop.notify import anotify, notify, notify_many
from bellhop.preferences import refusals
from bellhop.preferences.choices import mute, unmute
from bellhop.preferences.refusals import count_refused, refusals_of, uncounted
from rows.conftest import Clock, Kinds, Rings
from rows.waiting import PATIENCE, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


class Interrupted(Exception):  # noqa: N818 - what a caller's code may raise
    pass


@pytest.fixture(autouse=True)
def _muted(kinds: Kinds, rings: Rings, user: User) -> None:
    kinds(Kind("order"), Kind("news"))
    mute(user.pk, "order", None)


def counts(user: User) -> dict[str, int]:
    return {kind: count for kind, (count, _) in refusals_of(user.pk).items()}


def test_each_refusal_counts_and_the_latest_is_known(user: User, other: User, clock: Clock) -> None:
    with capture_logs() as logs:
        notify(user, "hi", kind="order")
    assert [(line["kind"], line["count"]) for line in logs] == [("order", 1)]
    assert logs[0]["event"] == "notifications_refused"
    clock.move(hours=1)
    notify(user, "hi", kind="order")
    mute(user.pk, "news", None)
    notify_many([user, other], "hi", kind="news")
    assert refusals_of(user.pk) == {"news": (1, clock.now), "order": (2, clock.now)}
    assert refusals_of(other.pk) == {}
    clock.move(hours=-2)
    notify(user, "hi", kind="order")
    assert refusals_of(user.pk)["order"][1] > clock.now


def test_in_a_transaction_it_counts_after_the_commit(user: User) -> None:
    with transaction.atomic():
        for _ in range(3):
            notify(user, "hi", kind="order")
        assert counts(user) == {}
        assert uncounted(user.pk) == {"order": 3}
    assert counts(user) == {"order": 3}
    assert uncounted(user.pk) == {}


def test_what_is_rolled_back_does_not_count(user: User) -> None:
    with suppress(Interrupted), transaction.atomic():
        notify(user, "hi", kind="order")
        raise Interrupted
    assert (counts(user), uncounted(user.pk)) == ({}, {})
    with transaction.atomic():
        notify(user, "hi", kind="order")
        with suppress(Interrupted), transaction.atomic():
            notify(user, "hi", kind="order")
            raise Interrupted
    assert counts(user) == {"order": 1}


def test_until_the_commit_it_holds_no_lock(user: User) -> None:
    """Neither one that another refusal would wait for, nor one of the person's choices."""
    notify(user, "the row is there", kind="order")
    with transaction.atomic():
        notify(user, "hi", kind="order")
        notify_many([user], "hi", kind="order")
        for wait_free in (
            lambda: notify(user, "hi", kind="order"),
            lambda: unmute(user.pk, "order"),
            lambda: Refusal.objects.filter(user=user).delete(),
        ):
            in_thread(wait_free).result(PATIENCE)
    assert counts(user) == {"order": 2}


def test_a_count_that_waits_for_somebody_costs_no_error(user: User, lines: list[Any]) -> None:
    notify(user, "the row is there", kind="order")
    with transaction.atomic():
        Refusal.objects.select_for_update().get(user=user)

        def refused() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            return notify(user, "hi", kind="order").is_refused

        assert in_thread(refused).result(PATIENCE)
    assert counts(user) == {"order": 1}
    assert [line["kind"] for line in lines if line["event"] == "refusals_not_counted"] == ["order"]


def test_a_repeat_of_what_was_saved_refuses_nothing(user: User) -> None:
    unmute(user.pk, "order")
    first = notify(user, "hi", kind="order", key="7")
    mute(user.pk, "order", None)
    assert notify(user, "again", kind="order", key="7").pk == first.pk
    with transaction.atomic():
        again = notify(user, "again", kind="order", key="7")
    assert (again.pk, again.is_refused, counts(user)) == (first.pk, False, {})
    assert [row.pk for row in notify_many([user], "again", kind="order", key="7")] == [first.pk]


def test_what_was_refused_may_come_later_under_the_same_key(user: User) -> None:
    refused = notify(user, "hi", kind="order", key="7")
    assert refused.is_refused
    assert str(refused) == f"order, refused, to user {user.pk}"
    unmute(user.pk, "order")
    assert notify(user, "hi", kind="order", key="7").seq == 1
    assert counts(user) == {"order": 1}


def test_who_is_deleted_meanwhile_is_passed_over(user: User, other: User, clock: Clock) -> None:
    gone = user.pk
    user.delete()
    count_refused([gone, other.pk], "order", clock.now)
    assert counts(other) == {"order": 1}
    assert Refusal.objects.count() == 1


def test_a_broken_count_leaves_the_callers_transaction_usable(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "_sql", lambda: "SELECT nonsense")
    with transaction.atomic():
        assert notify(user, "hi", kind="order").is_refused
        User.objects.create_user("bob")
    assert notify(user, "hi", kind="order").is_refused
    assert User.objects.filter(username="bob").exists()


def test_many_at_once_in_any_order_count_all_of_them() -> None:
    crowd = [User.objects.create_user(f"user{number}") for number in range(100)]
    for person in crowd:
        mute(person.pk, "order", None)
    ids = [each.pk for each in crowd]

    def refuse() -> None:
        for _ in range(5):
            assert notify_many(crowd, "hi", kind="order") == []
            # Nor where somebody counts people in another order.
            count_refused(ids[::-1], "order", timezone.now())

    for each in [in_thread(refuse) for _ in range(8)]:
        each.result(6 * PATIENCE)
    assert set(Refusal.objects.values_list("count", flat=True)) == {80}
    assert Notification.objects.count() == 0


def test_in_an_event_loop_too(user: User) -> None:
    assert async_to_sync(anotify)(user, "hi", kind="order").is_refused
