"""What has expired is withdrawn: as soon as its time is over, once, and in nobody's way."""

import sys
import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop import contract
from bellhop.due import expire, runner, turns
from bellhop.due.batch import Batch
from bellhop.due.runner import run_once
from bellhop.models import DueWork, Inbox, InboxState, Notification, Removal
from bellhop.notify import notify, notify_many
from bellhop.recall import update
from rows.conftest import Rings
from rows.due.conftest import Clock
from rows.waiting import PATIENCE, held_inbox, in_thread, until

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def changes_rung(rings: Rings) -> list[list[Any]]:
    return [arguments for task, arguments in rings.heard() if task == contract.RING_CHANGES]


def test_it_goes_when_its_time_is_over_and_not_before(
    user: User, other: User, clock: Clock, rings: Rings
) -> None:
    row, kept, theirs = notify(user, "1", expires=HOUR), notify(user, "2"), notify(other, "x")
    clock.go(hours=1, microseconds=-1)
    assert run_once().expired == 0
    clock.go(microseconds=1)
    assert run_once().expired == 1
    assert set(Notification.objects.all()) == {kept, theirs}
    assert (Inbox.state_of(user.pk), Inbox.state_of(other.pk)) == ((2, 1, 1, 0), (1, 0, 1, 0))
    assert list(Removal.objects.values_list("notification_id", "rev")) == [(row.pk, 1)]
    assert changes_rung(rings) == [[user.pk]]
    assert run_once().expired == 0


def test_with_a_clock_that_was_set_back_nothing_goes_early_or_twice(
    user: User, clock: Clock
) -> None:
    notify(user, "1", expires=HOUR)
    clock.go(hours=2)
    run_once()
    clock.go(hours=-2)
    notify(user, "2", expires=HOUR)
    assert run_once().expired == 0
    clock.go(hours=1)
    assert run_once().expired == 1
    assert Inbox.state_of(user.pk) == InboxState(2, 2, 0)


def test_a_time_that_was_moved_counts(user: User, clock: Clock) -> None:
    moved, taken_back = notify(user, "1", expires=HOUR), notify(user, "2", expires=HOUR)
    update(moved, expires=2 * HOUR)
    update(taken_back, expires=None)
    clock.go(hours=1)
    assert run_once().expired == 0
    clock.go(hours=1)
    assert run_once().expired == 1
    assert list(Notification.objects.all()) == [taken_back]


def test_a_row_that_waits_for_its_number_may_expire(
    user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bellhop.saving.after_commit.number_and_tell", lambda *_: None)
    with transaction.atomic():
        notify(user, "x", expires=HOUR)
    clock.go(hours=1)
    assert run_once().expired == 1
    assert not Notification.objects.exists()


def test_rows_that_came_past_notify_go_without_an_inbox_of_their_recipient(
    user: User, clock: Clock
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bellhop_notification (id, recipient_id, seq, kind, message, body, url, data, created,"
            " rev, request_id, expires_at)"
            " VALUES (gen_random_uuid(), %s, 5, 'message', 'x', '', '', '{}', now(), 0, '', %s)",
            [user.pk, clock.now],
        )
    assert run_once().expired == 1
    assert Inbox.state_of(user.pk).rev == 1


def test_whose_inbox_is_held_has_their_turn_later_and_holds_up_nobody(
    user: User, other: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expire, "BATCH", 2)
    for _ in range(5):
        notify(user, "x", expires=HOUR)
    clock.go(seconds=1)
    notify(other, "x", expires=HOUR)
    clock.go(hours=1)
    with held_inbox(user):
        assert in_thread(run_once).result(PATIENCE).expired == 1
        assert set(Notification.objects.values_list("recipient", flat=True)) == {user.pk}
    assert run_once().expired == 5


def test_who_is_locked_as_a_user_holds_up_nobody_either(
    user: User, other: User, clock: Clock
) -> None:
    notify_many([user, other], "x", expires=HOUR)
    clock.go(hours=1)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            held.set()
            let_go.wait(PATIENCE)

    holder = in_thread(hold)
    assert held.wait(PATIENCE)
    assert in_thread(run_once).result(PATIENCE).expired == 1
    let_go.set()
    holder.result(PATIENCE)
    assert run_once().expired == 1


def test_another_runner_at_it_is_left_alone(user: User, clock: Clock) -> None:
    notify(user, "x", expires=HOUR)
    clock.go(hours=1)
    with turns.turn(expire.TASK) as is_ours:
        assert is_ours
        done = in_thread(run_once).result(PATIENCE)
        assert (done.expired, done.is_all) == (0, True)
    assert run_once().expired == 1


def test_a_run_stops_after_a_batch_when_it_is_told_to(
    user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expire, "BATCH", 2)
    for _ in range(6):
        notify(user, "x", expires=HOUR)
    clock.go(hours=1)
    asked = iter([False, True, True, True])
    done = runner.Runner(lambda: next(asked)).run_once()
    assert (done.expired, done.is_all) == (2, False)
    done = runner.Runner().run_once(seconds=0)
    assert (done.expired, done.is_all) == (0, False)
    assert run_once().expired == 4


def test_where_nothing_is_due_a_run_costs_a_query_and_now_and_then_a_note(
    user: User, clock: Clock, django_assert_num_queries: Any
) -> None:
    notify(user, "x", expires=HOUR)
    one = runner.Runner()
    # Where it took long to look for what is kept no longer, the next run goes on with it.
    until(lambda: one.run_once().is_pruned)
    assert set(DueWork.objects.values_list("name", flat=True)) >= {"expire", "sum_up"}
    with django_assert_num_queries(1):
        one.run_once()


def test_ten_thousand_due_at_once_go_in_batches_while_others_are_notified(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person has a thousand of them. How long it takes is said, not judged: only that nobody waits for its end."""
    people = User.objects.bulk_create(User(username=f"u{n}") for n in range(901))
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            recipient=person, seq=seq, message="x", expires_at=now - timedelta(seconds=seq)
        )
        for person in people
        for seq in range(1, 1001 if person is people[0] else 11)
    )
    waits: list[float] = []
    batches: list[Batch] = []
    batches_meanwhile: list[int] = []
    done = threading.Event()
    expire_some = expire.expire_some

    def count_batch(now: datetime, held: Collection[Any] = ()) -> Batch:
        batches.append(batch := expire_some(now, held))
        return batch

    monkeypatch.setattr(expire, "expire_some", count_batch)

    def go_on() -> int:
        count = 0
        while not done.is_set():
            began, before = time.monotonic(), len(batches)
            notify(people[count % len(people)], "meanwhile")
            waits.append(time.monotonic() - began)
            batches_meanwhile.append(len(batches) - before)
            count += 1
        return count

    delivering = in_thread(go_on)
    began = time.monotonic()
    with capture_logs() as lines:
        # On a slow machine one run's time is over before; and whoever is being notified is left to the next.
        while Notification.objects.filter(message="x").exists():
            run_once()
    took = time.monotonic() - began
    done.set()
    count = delivering.result(PATIENCE)
    said = [line for line in lines if line["event"] == "due_done"]
    assert {line["task"] for line in said} == {"expire"}
    assert sum(line["count"] for line in said) == 10_000
    assert sum(line["ms"] for line in said) <= took * 1000 + len(said)
    assert Notification.objects.filter(message="meanwhile").count() == count > 20
    sys.stdout.write(
        f"10,000 in {took:.1f} s; {count} delivered meanwhile, the slowest in {max(waits):.2f} s\n"
    )
    # Not behind all of it.
    assert len(batches) >= 50
    assert max(batches_meanwhile) < len(batches) / 2
