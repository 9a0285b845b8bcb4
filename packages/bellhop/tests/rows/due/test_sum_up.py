"""A storm is told by one summary that grows: at most one toast a minute, person and kind."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from bellhop import contract
from bellhop.due import sum_up
from bellhop.due.runner import run_once
from bellhop.kinds import Kind
from bellhop.models import Inbox, InboxState, Notification
from bellhop.notify import notify
from bellhop.recall import update, withdraw
from rows.conftest import Kinds, Rings
from rows.due.conftest import Clock
from rows.waiting import PATIENCE, held_inbox, in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def storm(user: User, kind: str, count: int) -> list[Notification]:
    return [notify(user, f"{kind} {n}", kind=kind) for n in range(count)]


def summaries(user: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=user, sums_up__isnull=False).order_by("seq"))


def test_what_came_in_a_storm_is_told_by_one_summary_with_the_next_seq(
    user: User, other: User, clock: Clock, order: str, rings: Rings
) -> None:
    rows = storm(user, order, 5)
    theirs = storm(other, order, 2)
    assert [row.toast for row in rows] == [True, True, False, False, False]
    assert run_once().summed_up == 3
    (summary,) = summaries(user)
    assert (summary.seq, summary.kind, summary.sums_up, summary.toast) == (6, order, 3, True)
    assert (summary.read_at, summary.rev, summary.in_storm) == (None, 0, False)
    told = Notification.objects.filter(summary=summary.pk)
    assert set(told.values_list("pk", flat=True)) == {row.pk for row in rows[2:]}
    assert Inbox.state_of(user.pk) == InboxState(6, 0, 6)
    assert (summaries(other), Inbox.state_of(other.pk)) == ([], (2, 0, 2, 0))
    assert rings.rung() == [*(str(row.pk) for row in [*rows, *theirs]), str(summary.pk)]
    assert run_once().summed_up == 0


def test_it_grows_for_a_minute_with_the_same_id_and_seq_and_is_told_as_an_update(
    user: User, clock: Clock, order: str, rings: Rings
) -> None:
    storm(user, order, 3)
    run_once()
    (first,) = summaries(user)
    clock.go(seconds=59)
    notify(user, "x", kind=order)
    Notification.objects.filter(seq=5).update(in_storm=True, toast=False)
    assert run_once().summed_up == 1
    (grown,) = summaries(user)
    assert (grown.pk, grown.seq, grown.sums_up) == (first.pk, first.seq, 2)
    assert (grown.rev, grown.updated_rev, Inbox.state_of(user.pk).rev) == (1, 1, 1)
    assert [each for each in rings.heard() if each[0] == contract.RING_CHANGES] == [
        (contract.RING_CHANGES, [user.pk])
    ]
    assert str(grown.pk) in rings.rung()
    assert rings.rung().count(str(grown.pk)) == 1


def test_after_the_minute_comes_another_one(user: User, clock: Clock, order: str) -> None:
    storm(user, order, 3)
    run_once()
    clock.go(seconds=60)
    storm(user, order, 3)
    run_once()
    assert [row.sums_up for row in summaries(user)] == [1, 1]


@pytest.mark.parametrize("column", ["read_at", "archived_at"])
def test_one_that_was_read_or_put_away_is_followed_by_another_only_after_its_minute(
    user: User, clock: Clock, order: str, column: str
) -> None:
    storm(user, order, 3)
    run_once()
    Notification.objects.filter(sums_up=1).update(**{column: timezone.now()})
    clock.go(seconds=30)
    notify(user, "x", kind=order)
    assert Notification.objects.latest("created").in_storm
    assert run_once().summed_up == 0
    assert len(summaries(user)) == 1
    clock.go(seconds=30)
    assert run_once().summed_up == 1
    assert [row.sums_up for row in summaries(user)] == [1, 1]


def test_other_kinds_and_other_people_have_their_own(
    user: User, other: User, clock: Clock, order: str, kinds: Kinds
) -> None:
    kinds(Kind("post", at_most=1))
    storm(user, order, 4)
    storm(user, "post", 4)
    storm(other, order, 3)
    assert run_once().summed_up == 6
    assert [(row.kind, row.sums_up, row.seq) for row in summaries(user)] == [
        (order, 2, 9), ("post", 3, 10),
    ]  # fmt: skip
    assert [(row.kind, row.sums_up, row.seq) for row in summaries(other)] == [(order, 1, 4)]


def test_a_clock_that_is_set_back_or_runs_ahead_elsewhere_begins_no_second_one(
    user: User, clock: Clock, order: str
) -> None:
    storm(user, order, 3)
    run_once()
    clock.go(seconds=-30)
    notify(user, "x", kind=order)
    Notification.objects.filter(seq=5).update(in_storm=True, toast=False)
    run_once()
    assert [row.sums_up for row in summaries(user)] == [2]
    clock.go(hours=-1)
    storm(user, order, 3)
    run_once()
    assert [row.sums_up for row in summaries(user)] == [2, 1], "it does not grow for an hour"


def test_what_was_seen_before_it_was_summed_up_needs_no_summary(
    user: User, clock: Clock, order: str
) -> None:
    rows = storm(user, order, 4)
    now = timezone.now()
    Notification.objects.filter(pk=rows[2].pk).update(read_at=now)
    run_once()
    assert [row.sums_up for row in summaries(user)] == [1]
    clock.go(minutes=2)
    rows = storm(user, order, 4)
    Notification.objects.filter(recipient=user).update(read_at=now)
    run_once()
    assert [row.sums_up for row in summaries(user)] == [1]
    assert not Notification.objects.filter(in_storm=True, summary=None).exists()


def test_a_row_without_a_number_waits_for_it(
    user: User, other: User, clock: Clock, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm(user, order, 2)
    # So that something is due.
    storm(other, order, 3)
    with monkeypatch.context() as patched:
        patched.setattr("bellhop.saving.after_commit.number_and_tell", lambda *_: None)
        with transaction.atomic():
            notify(user, "x", kind=order)
    assert run_once().summed_up == 1
    assert (len(summaries(user)), len(summaries(other))) == (0, 1)
    notify(user, "numbered with it")
    assert run_once().summed_up == 1
    assert len(summaries(user)) == 1


def test_its_desktop_is_that_of_those_that_were_told(
    user: User, other: User, clock: Clock, kinds: Kinds
) -> None:
    kinds(Kind("loud", at_most=1, channels=frozenset({"inbox", "toast", "desktop"})))
    kinds(Kind("quiet", at_most=1))
    for each in (user, other):
        storm(each, "loud" if each == user else "quiet", 2)
    run_once()
    assert [row.desktop for row in (*summaries(user), *summaries(other))] == [True, False]


def test_a_large_storm_is_told_in_batches_by_one_summary(
    user: User, clock: Clock, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sum_up, "BATCH", 4)
    storm(user, order, 13)
    assert run_once().summed_up == 11
    assert [row.sums_up for row in summaries(user)] == [11]


def test_a_seq_that_came_past_notify_is_not_given_again(
    user: User, clock: Clock, order: str
) -> None:
    storm(user, order, 3)
    Notification.objects.filter(seq=3).update(seq=9)
    run_once()
    assert [row.seq for row in summaries(user)] == [10]


def test_whose_inbox_is_held_has_their_turn_later(
    user: User, other: User, clock: Clock, order: str
) -> None:
    storm(user, order, 3)
    storm(other, order, 3)
    with held_inbox(user):
        assert in_thread(run_once).result(PATIENCE).summed_up == 1
        assert (len(summaries(user)), len(summaries(other))) == (0, 1)
    assert run_once().summed_up == 1


# What a summary tells of may go.


def summed_up(user: User, order: str, count: int) -> tuple[Notification, list[Notification]]:
    rows = storm(user, order, 2 + count)
    run_once()
    (summary,) = summaries(user)
    return summary, rows[2:]


def test_a_summary_counts_down_and_goes_with_the_last(
    user: User, other: User, clock: Clock, order: str, rings: Rings
) -> None:
    summary, rows = summed_up(user, order, 3)
    theirs, _ = summed_up(other, order, 2)
    assert withdraw(rows[0]) == 1
    summary.refresh_from_db()
    assert (summary.sums_up, summary.rev, summary.updated_rev) == (2, 1, 1)
    assert Notification.objects.filter(pk__in=[rows[1].pk, rows[2].pk]).delete()[0] == 2
    assert summaries(user) == []
    assert Inbox.state_of(user.pk).rev == 2
    theirs.refresh_from_db()
    assert (theirs.sums_up, Inbox.state_of(other.pk).rev) == (2, 0)


def test_a_row_that_deletes_itself_counts_too_and_its_savepoint_undoes_both(
    user: User, clock: Clock, order: str
) -> None:
    _, rows = summed_up(user, order, 1)
    with transaction.atomic():
        rows[0].delete()
        assert summaries(user) == []
        transaction.set_rollback(True)
    assert [row.sums_up for row in summaries(user)] == [1]
    Notification.objects.get(seq=3).delete()
    assert summaries(user) == []


def test_rows_and_summary_in_one_deletion_and_a_summary_alone(
    user: User, clock: Clock, order: str
) -> None:
    summary, rows = summed_up(user, order, 2)
    assert withdraw(summary) == 1
    assert run_once().summed_up == 0, "they have been told of"
    assert withdraw(rows[0]) == 1
    clock.go(minutes=2)
    storm(user, order, 4)
    run_once()
    assert len(summaries(user)) == 1
    assert Notification.objects.filter(recipient=user).delete()[0] == 2 + 1 + 4 + 1
    assert Inbox.state_of(user.pk).unread == 0


def test_rows_that_expire_take_their_summary_along(user: User, clock: Clock, order: str) -> None:
    _, rows = summed_up(user, order, 2)
    for row in rows:
        update(row, expires=timedelta(hours=1))
    clock.go(hours=1)
    assert run_once().expired == 2
    assert summaries(user) == []


def test_a_deletion_without_a_summary_costs_no_query_more(
    user: User, clock: Clock, order: str, django_assert_num_queries: Any
) -> None:
    first, second = notify(user, "x"), notify(user, "y")
    with django_assert_num_queries(12):
        withdraw(first)
    _, rows = summed_up(user, order, 2)
    with django_assert_num_queries(14):
        withdraw(rows[0])
    assert second.pk
