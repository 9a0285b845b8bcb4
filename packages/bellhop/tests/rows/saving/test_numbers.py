"""notify() inside somebody's transaction: it holds nobody's inbox, and the number comes right after the commit."""

import os
import threading
from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop.contract import RING
from bellhop.models import Inbox, Notification
from bellhop.models.signals import notification_saved
from bellhop.notify import anotify, notify, notify_many
from bellhop.saving import after_commit, moments
from bellhop.saving.number import number, number_left_behind
from rows.conftest import Rings
from rows.saving.test_notify import Interrupted, insert_by_sql, seqs
from rows.waiting import PATIENCE, held_inbox, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db(transaction=True)


def left_behind(user: User, *messages: str) -> list[Notification]:
    """Rows that a process committed and did not live to number."""
    return [
        Notification.objects.create(recipient=user, message=message, created=moments.next_moment())
        for message in messages
    ]


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("message", flat=True))


def test_the_number_is_there_right_after_the_commit_and_not_before(
    rings: Rings, user: User
) -> None:
    with transaction.atomic():
        row = notify(user, "hi")
        assert row.seq is None
        assert Notification.objects.get(pk=row.pk).seq is None
    assert row.seq == 1
    assert Notification.objects.get(pk=row.pk).seq == 1
    assert rings.heard() == [(RING, [str(row.pk)])]


def test_nobody_waits_for_somebody_elses_commit(rings: Rings, user: User, other: User) -> None:
    """Neither in a transaction of their own, nor outside of one, nor one who marks as read."""
    with transaction.atomic():
        first = notify(user, "first")
        notify(other, "first")

        def in_the_opposite_order() -> int | None:
            with transaction.atomic():
                notify(other, "second")
                row = notify(user, "second")
            return row.seq

        assert in_thread(in_the_opposite_order).result(PATIENCE) == 1
        assert in_thread(notify, user, "third").result(PATIENCE).seq == 2
        assert in_thread(Inbox.state_of, user.pk).result(PATIENCE) == (2, 0, 2, 0)
    assert first.seq == 3
    assert told(user) == ["second", "third", "first"]


def test_two_who_notify_the_same_two_in_opposite_order_do_not_block_each_other(
    rings: Rings, user: User, other: User
) -> None:
    both = threading.Barrier(2)

    def tell(first: User, second: User) -> None:
        with transaction.atomic():
            notify(first)
            both.wait(PATIENCE)
            notify(second)
            both.wait(PATIENCE)

    works = [in_thread(tell, user, other), in_thread(tell, other, user)]
    for work in works:
        work.result(PATIENCE)
    assert (seqs(user), seqs(other)) == ([1, 2], [1, 2])


def test_what_one_transaction_makes_is_numbered_in_the_order_in_which_it_was_made(
    rings: Rings, user: User, other: User
) -> None:
    with transaction.atomic():
        rows = [notify(user if turn % 3 else other, str(turn)) for turn in range(30)]
    assert told(user) == [str(turn) for turn in range(30) if turn % 3]
    assert [row.seq for row in rows if row.recipient_id == other.pk] == list(range(1, 11))
    assert rings.rung() == [str(row.pk) for row in rows]


def test_moments_rise_though_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = moments.next_moment()

    monkeypatch.setattr(timezone, "now", lambda: first.replace(year=first.year - 1))
    assert moments.next_moment() > first


@pytest.mark.parametrize("use_tz", [True, False])
def test_a_moment_is_as_the_project_has_its_times(
    rings: Rings, user: User, settings: Any, use_tz: bool
) -> None:
    settings.USE_TZ = use_tz
    with transaction.atomic():
        row = notify(user)
    assert (row.created.tzinfo is not None) is use_tz


def test_a_whole_transaction_is_numbered_in_one_query_after_it(rings: Rings, user: User) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        for turn in range(20):
            notify(user, str(turn))
    numbering = [query["sql"] for query in queries if "bellhop_number" in query["sql"]]
    assert len(numbering) == 1
    assert seqs(user) == list(range(1, 21))


def test_what_was_taken_back_gets_no_number_and_no_ring_though_it_was_first(
    rings: Rings, user: User
) -> None:
    with transaction.atomic():
        with suppress(Interrupted), transaction.atomic():
            gone = notify(user, "taken back")
            raise Interrupted
        kept = notify(user, "kept")
    assert (gone.seq, kept.seq) == (None, 1)
    assert rings.rung() == [str(kept.pk)]


def test_a_transaction_that_was_rolled_back_leaves_nothing_to_the_next(
    rings: Rings, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def noted(ids: Any) -> Any:
        asked.extend(ids)
        return number(ids)

    monkeypatch.setattr(after_commit, "number", noted)
    with suppress(Interrupted), transaction.atomic():
        notify(user, "never")
        raise Interrupted
    with transaction.atomic():
        row = notify(user, "once")
    assert (row.seq, told(user)) == (1, ["once"])
    assert rings.rung() == [str(row.pk)]
    assert asked == [row.pk]


def test_a_process_that_dies_between_commit_and_number_loses_nothing(user: User) -> None:
    """The beat numbers it; in a child that ends as by kill -9, before the hook that would have."""
    connection.close()
    child = os.fork()
    if child == 0:
        with transaction.atomic():
            transaction.on_commit(lambda: os._exit(9))
            notify(user, "left behind")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert list(Notification.objects.values_list("seq", flat=True)) == [None]
    assert number_left_behind() == 1
    assert seqs(user) == [1]
    assert number_left_behind() == 0


def test_the_next_notification_numbers_what_was_left_behind_and_comes_after_it(
    rings: Rings, user: User, other: User
) -> None:
    left_behind(user, "first", "second")
    assert notify(user, "third").seq == 3
    assert notify(other, "hi").seq == 1
    assert told(user) == ["first", "second", "third"]


def test_so_does_the_next_one_in_a_transaction_and_the_next_with_a_key(
    rings: Rings, user: User, other: User
) -> None:
    left_behind(user, "first")
    with transaction.atomic():
        notify(user, "second")
    assert told(user) == ["first", "second"]
    left_behind(other, "first")
    assert notify(other, "second", key="k").seq == 2
    assert told(other) == ["first", "second"]


def test_a_broadcast_costs_only_those_more_who_have_something_left_behind(
    rings: Rings, user: User, other: User
) -> None:
    left_behind(user, "first")
    rows = notify_many([user, other], "second")
    assert {row.recipient_id: row.seq for row in rows} == {user.pk: 2, other.pk: 1}
    assert sorted(rings.rung()) == sorted(str(row.pk) for row in rows)


def test_a_key_whose_first_was_left_behind_returns_that_one_with_its_number(
    rings: Rings, user: User
) -> None:
    with transaction.atomic():
        first = notify(user, "first", key="k")
    Notification.objects.filter(pk=first.pk).update(seq=None)
    Inbox.objects.filter(pk=user.pk).update(last_seq=0)
    again = notify(user, "again", key="k")
    assert (again.pk, again.seq, again.message) == (first.pk, 1, "first")


def test_only_a_repeat_of_the_same_key_waits_for_the_first_ones_commit(
    rings: Rings, user: User
) -> None:
    with transaction.atomic():
        first = notify(user, "first", key="k")
        assert in_thread(notify, user, "other key", key="l").result(PATIENCE).seq == 1
        assert in_thread(notify, user, "no key").result(PATIENCE).seq == 2
        repeat = in_thread(notify, user, "repeat", key="k")
        until(somebody_waits_for_a_lock)
        # And nobody waits for the one who waits.
        assert in_thread(notify, user, "one more").result(PATIENCE).seq == 3
    found = repeat.result(PATIENCE)
    assert (found.pk, found.message) == (first.pk, "first")
    assert rings.rung().count(str(first.pk)) == 1


def test_a_repeat_within_one_transaction_is_the_first(rings: Rings, user: User) -> None:
    with transaction.atomic():
        first, again = notify(user, "first", key="k"), notify(user, "again", key="k")
        assert (again.pk, again.seq) == (first.pk, None)
    assert seqs(user) == [1]
    assert rings.rung() == [str(first.pk)]


def test_what_waits_for_its_number_is_neither_counted_nor_listed_nor_marked(
    rings: Rings, user: User
) -> None:
    from bellhop.inbox import marks, pages

    (row,) = left_behind(user, "not yet")
    assert Inbox.state_of(user.pk) == (0, 0, 0, 0)
    assert Notification.objects.unread().count() == 0
    assert pages.page(user.pk).rows == []
    assert marks.mark(user.pk, "read", ids=[row.pk]) == 0
    assert marks.mark(user.pk, "read", through=2**53) == 0
    assert number([row.pk]) == {row.pk: 1}
    assert Inbox.state_of(user.pk) == (1, 0, 1, 0)
    assert [each.pk for each in pages.page(user.pk).rows] == [row.pk]


def test_rows_past_the_gate_are_counted_before_a_number_is_given(rings: Rings, user: User) -> None:
    notify(user)
    insert_by_sql(user, 2)
    insert_by_sql(user, 40)
    insert_by_sql(user, 2**63 - 1)
    with transaction.atomic():
        row = notify(user)
    assert row.seq == 41
    assert Inbox.state_of(user.pk).seq == 41


def test_a_number_that_somebody_takes_just_now_past_the_gate_is_not_given_twice(
    rings: Rings, user: User
) -> None:
    notify(user)

    def in_a_transaction() -> int | None:
        with transaction.atomic():
            row = notify(user)
        return row.seq

    with transaction.atomic():
        insert_by_sql(user, 2)
        late = in_thread(in_a_transaction)
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 3


def test_a_number_that_is_not_to_be_had_in_time_is_left_to_the_beat_and_said_once(
    rings: Rings, user: User
) -> None:
    notify(user)
    try:
        with held_inbox(user), capture_logs() as lines, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
            row = notify(user, "kept")
    finally:
        connection.close()
    assert [line["event"] for line in lines] == ["number_left_to_beat"]
    assert row.seq is None
    assert number_left_behind() == 1
    assert told(user)[-1] == "kept"


def test_an_inbox_that_somebody_holds_keeps_nobody_elses_row_without_its_number(
    rings: Rings, user: User, other: User
) -> None:
    held_up, (free,) = left_behind(user, "held up", "too"), left_behind(other, "free")

    def number_all() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return number_left_behind()

    with held_inbox(user):
        assert in_thread(number_all).result(PATIENCE) == 1
        assert (seqs(other), Notification.objects.get(pk=free.pk).seq) == ([1], 1)
    assert number_left_behind() == len(held_up)


def test_a_row_that_is_deleted_just_now_gets_no_number_and_nobody_waits_for_it(
    rings: Rings, user: User
) -> None:
    gone, kept = left_behind(user, "gone", "kept")
    deleted, go_on = threading.Event(), threading.Event()

    def delete() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM bellhop_notification WHERE id = %s", [gone.pk])
            deleted.set()
            go_on.wait(PATIENCE)

    deleting = in_thread(delete)
    assert deleted.wait(PATIENCE)
    assert number([kept.pk]) == {kept.pk: 1}
    assert not deleting.done()
    go_on.set()
    deleting.result(PATIENCE)
    assert seqs(user) == [1]


def test_a_user_who_is_deleted_before_the_number_comes_costs_no_error(
    rings: Rings, user: User, other: User
) -> None:
    with transaction.atomic():
        gone = notify(user)
        kept = notify(other)
        Notification.objects.filter(recipient=user).delete()
        user.delete()
    assert (gone.seq, kept.seq) == (None, 1)


def test_a_role_that_may_not_write_may_have_rows_numbered(rings: Rings, user: User) -> None:
    (row,) = left_behind(user, "hi")
    role = f"ut_reader_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}; GRANT SELECT ON bellhop_notification TO {role}")
        try:
            cursor.execute(f"SET ROLE {role}")
            with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                cursor.execute("UPDATE bellhop_notification SET seq = 7")
            assert number_left_behind() == 1
        finally:
            cursor.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")
    assert seqs(user) == [1]
    assert Notification.objects.get().pk == row.pk


def test_a_table_of_the_caller_is_not_taken_for_ours(rings: Rings, user: User) -> None:
    """The function runs with its owner's rights: a caller must not choose what it writes to."""
    (row,) = left_behind(user, "hi")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bellhop_inbox (LIKE public.bellhop_inbox INCLUDING ALL) ON COMMIT DROP"
        )
        assert number([row.pk]) == {row.pk: 1}
        cursor.execute("SELECT count(*) FROM pg_temp.bellhop_inbox")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def heard() -> Any:
    rows: list[tuple[Any, Any]] = []

    def hear(sender: Any, notification: Notification, **_: Any) -> None:
        rows.append((notification.pk, notification.seq))

    notification_saved.connect(hear)
    yield rows
    notification_saved.disconnect(hear)


def test_whoever_wants_to_know_is_told_of_each_once_after_the_commit(
    rings: Rings, user: User, other: User, heard: list[tuple[Any, Any]]
) -> None:
    with transaction.atomic():
        inside = notify(user)
        assert heard == []
    outside = notify(user)
    many = notify_many([user, other], key="k")
    notify(user, key="k")
    assert heard == [(row.pk, row.seq) for row in (inside, outside, *many)]


def test_a_listener_that_raises_is_nobody_elses_trouble(
    rings: Rings, user: User, heard: list[tuple[Any, Any]]
) -> None:
    def fails(**_: Any) -> None:
        raise RuntimeError("mine")

    notification_saved.connect(fails)
    try:
        assert notify(user).seq == 1
    finally:
        notification_saved.disconnect(fails)
    assert len(heard) == 1


def test_in_an_event_loop_there_is_anotify(rings: Rings, user: User) -> None:
    row = async_to_sync(anotify)(user, "hi", key="k")
    assert (row.seq, row.message) == (1, "hi")
    assert async_to_sync(anotify)(user, "again", key="k").pk == row.pk


def test_the_database_errors_of_numbering_are_never_the_callers(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(after_commit, "number", fails)
    with transaction.atomic():
        row = notify(user, "hi")
    assert notify(user, "with a key", key="k").seq is None
    assert row.seq is None
    assert Notification.objects.filter(seq=None).count() == 2
