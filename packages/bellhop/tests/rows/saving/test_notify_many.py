"""notify_many(): to each as by notify(), and for all of them in a few statements."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from structlog.testing import capture_logs

from bellhop import contract, notify
from bellhop.kinds import Kind
from bellhop.models import Inbox, Notification
from bellhop.notify import notify_many
from bellhop.ring import publish_thread
from bellhop.ring.publish_thread import TOGETHER
from bellhop.saving import save_in_chunks
from rows.conftest import Kinds, Rings
from rows.saving.test_notify import insert_by_sql
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(db: None) -> list[User]:
    users = User.objects.bulk_create(User(username=f"user{number}") for number in range(7))
    return list(users)


def seqs(user: User) -> list[int]:
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("seq", flat=True))


def test_each_gets_one_of_their_own_with_their_next_seq_and_the_outsider_none(
    rings: Rings, crowd: list[User], other: User
) -> None:
    notify.notify(crowd[2])
    rows = notify_many(reversed(crowd), "to all", kind="news", data={"n": 1}, chunk=3)
    assert [row.recipient_id for row in rows] == [user.pk for user in crowd]
    assert [row.seq for row in rows] == [1, 1, 2, 1, 1, 1, 1]
    stored = Notification.objects.in_bulk([row.pk for row in rows])
    assert {(row.kind, row.message, str(row.data)) for row in stored.values()} == {
        ("news", "to all", "{'n': 1}")
    }
    assert (seqs(other), Inbox.objects.filter(pk=other.pk).exists()) == ([], False)


def test_nobody_is_told_twice_who_is_named_twice(rings: Rings, user: User) -> None:
    assert len(notify_many([user, user])) == 1
    assert seqs(user) == [1]


def test_to_nobody_is_nothing(rings: Rings) -> None:
    assert notify_many([]) == []
    assert rings.heard() == []


def test_one_task_rings_for_many_after_the_commit(rings: Rings, crowd: list[User]) -> None:
    with transaction.atomic():
        rows = notify_many(crowd)
        assert rings.heard() == []
    ((task, (ids,)),) = rings.heard()
    assert task == contract.RING_MANY
    assert ids == [str(row.pk) for row in rows]


def test_a_task_holds_no_more_than_its_share(
    rings: Rings, crowd: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_thread, "TOGETHER", 3)
    rows = notify_many(crowd)
    shares = [ids for _, (ids,) in rings.heard()]
    assert [len(ids) for ids in shares] == [3, 3, 1]
    assert [identity for ids in shares for identity in ids] == [str(row.pk) for row in rows]
    assert TOGETHER > 1


def test_the_log_names_each_in_one_line_for_all(
    rings: Rings, crowd: list[User], kinds: Kinds
) -> None:
    kinds(Kind("news"))
    with capture_logs() as lines:
        rows = notify_many(crowd, kind="news")
    (line,) = lines
    assert (line["event"], line["kind"], line["count"]) == (
        "notifications_saved",
        "news",
        7,
    )
    assert line["ids"].split() == [str(row.pk) for row in rows]


def test_a_repeat_with_the_key_reaches_only_who_had_none(rings: Rings, crowd: list[User]) -> None:
    first = notify_many(crowd[:3], message="first", key="k")
    again = notify_many(crowd, message="again", key="k")
    assert [row.pk for row in again[:3]] == [row.pk for row in first]
    assert [row.message for row in again] == ["first"] * 3 + ["again"] * 4
    assert [seqs(user) for user in crowd] == [[1]] * 7
    assert [len(ids) for _, (ids,) in rings.heard()] == [3, 4]


def test_what_breaks_off_between_two_chunks_is_finished_by_a_repeat(
    rings: Rings, crowd: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks: list[object] = []
    save = save_in_chunks.save_unnumbered

    def second_fails(*arguments: Any, **columns: Any) -> Any:
        chunks.append(arguments)
        if len(chunks) == 2:
            raise RuntimeError("killed")
        return save(*arguments, **columns)

    with monkeypatch.context() as broken:
        broken.setattr(save_in_chunks, "save_unnumbered", second_fails)
        with pytest.raises(RuntimeError, match="killed"):
            notify_many(crowd, key="k", chunk=3)
    assert [seqs(user) for user in crowd] == [[1]] * 3 + [[]] * 4
    notify_many(crowd, key="k", chunk=3)
    assert [seqs(user) for user in crowd] == [[1]] * 7


def test_a_rollback_of_the_caller_takes_all_chunks_back(rings: Rings, crowd: list[User]) -> None:
    def roll_back() -> None:
        with transaction.atomic():
            notify_many(crowd, chunk=2)
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError, match="rolled back"):
        roll_back()
    assert Notification.objects.count() == 0
    assert rings.heard() == []
    assert [row.seq for row in notify_many(crowd)] == [1] * 7


@pytest.mark.parametrize("key", [None, "k"])
def test_broadcasts_and_notifications_at_once_leave_no_gap_and_no_deadlock(
    rings: Rings, crowd: list[User], key: str | None
) -> None:
    """Some have no inbox yet, and everyone is named in another order."""
    rounds = 10

    def broadcast(number: int) -> None:
        for turn in range(rounds):
            each = None if key is None else f"{key} {number} {turn}"
            notify_many(crowd[:: (-1) ** number], key=each, chunk=4)

    def one_by_one() -> None:
        for _ in range(rounds):
            with transaction.atomic():
                for user in crowd:
                    notify.notify(user)

    works = [in_thread(broadcast, number) for number in range(3)] + [in_thread(one_by_one)]
    for work in works:
        work.result(60)
    assert [seqs(user) for user in crowd] == [list(range(1, 4 * rounds + 1))] * 7


@pytest.mark.parametrize("count", [2, 7])
def test_a_chunk_costs_two_statements_however_many_are_in_it(
    rings: Rings, crowd: list[User], count: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # what each has chosen, the rows
        notify_many(crowd[:count])


@pytest.mark.parametrize("key", [None, "k"])
def test_who_has_been_deleted_costs_the_others_of_the_chunk_nothing(
    rings: Rings, crowd: list[User], key: str | None
) -> None:
    User.objects.filter(pk=crowd[3].pk).delete()
    with capture_logs() as lines:
        rows = notify_many(crowd, key=key)
    assert [row.recipient_id for row in rows] == [each.pk for each in crowd if each != crowd[3]]
    assert rings.rung() == [str(row.pk) for row in rows]
    (line,) = [line for line in lines if line["event"] == "recipients_deleted"]
    assert line["users"] == [crowd[3].pk]


@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("inside", [False, True])
def test_who_is_deleted_just_now_costs_the_others_of_the_chunk_nothing(
    rings: Rings, crowd: list[User], inside: bool, key: str | None
) -> None:
    """Seen when the statement began, and gone when it comes to that inbox."""
    first = notify_many(crowd)

    def tell(users: list[User]) -> list[Notification]:
        with transaction.atomic() if inside else nullcontext():
            return notify_many(users, key=key)

    with transaction.atomic():
        gone = crowd[3].pk
        crowd[3].delete()
        late = in_thread(tell, [*crowd[:3], User(pk=gone), *crowd[4:]])
        until(somebody_waits_for_a_lock)
    assert len(late.result(PATIENCE)) == len(first) - 1
    assert [seqs(each) for each in crowd[:3] + crowd[4:]] == [[1, 2]] * 6


@pytest.mark.parametrize("inside", [False, True])
def test_a_row_of_one_saved_past_the_gate_costs_nobody_anything(
    rings: Rings, crowd: list[User], inside: bool
) -> None:
    notify_many(crowd)
    insert_by_sql(crowd[2], 2)
    with transaction.atomic() if inside else nullcontext():
        rows = notify_many(crowd)
    assert [row.seq for row in rows] == [2, 2, 3, 2, 2, 2, 2]
    assert [seqs(user)[-1] for user in crowd] == [2, 2, 3, 2, 2, 2, 2]


def test_a_chunk_may_be_larger_than_memory(rings: Rings, crowd: list[User]) -> None:
    assert len(notify_many(crowd, chunk=2**62)) == 7
