"""Read, un-read, archive: one's own only, and rev rises only when something changed."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from bellhop import contract
from bellhop.inbox.marks import mark
from bellhop.models import Inbox, InboxState, Notification
from rows.conftest import Rings
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db


def add(user: User, count: int = 1) -> list[Notification]:
    return [
        Notification.objects.create(recipient=user, seq=seq + 1, message="x")
        for seq in range(count)
    ]


def test_read_unread_and_archive_change_what_they_say(user: User) -> None:
    rows = add(user, 3)
    assert mark(user.pk, "read", ids=[rows[0].pk, rows[1].pk]) == 2
    assert mark(user.pk, "unread", ids=[rows[0].pk]) == 1
    assert mark(user.pk, "archive", ids=[rows[2].pk]) == 1
    assert Inbox.state_of(user.pk) == InboxState(3, 3, 1)
    assert list(Notification.objects.order_by("seq").values_list("rev", flat=True)) == [2, 1, 3]


@pytest.mark.parametrize("action", ["read", "unread", "archive"])
def test_rev_rises_only_when_something_changed(user: User, action: str) -> None:
    rows = add(user, 2)
    mark(user.pk, "read", ids=[rows[0].pk])
    mark(user.pk, action, through=2)
    rev = Inbox.state_of(user.pk).rev
    assert mark(user.pk, action, through=2) == 0
    assert Inbox.state_of(user.pk).rev == rev


def test_through_is_inclusive_and_touches_nothing_above(user: User) -> None:
    add(user, 5)
    assert mark(user.pk, "read", through=3) == 3
    assert Inbox.state_of(user.pk).unread == 2


@pytest.mark.parametrize("action", ["read", "unread", "archive"])
def test_ids_of_others_are_ignored(user: User, other: User, action: str) -> None:
    (mine,), (foreign,) = add(user), add(other)
    mark(other.pk, "read", through=1)
    before = Inbox.state_of(other.pk)
    assert mark(user.pk, action, ids=[foreign.pk, uuid.uuid4()]) == 0
    assert Inbox.state_of(other.pk) == before
    assert Inbox.state_of(user.pk).rev == 0
    assert mark(user.pk, "read", ids=[mine.pk, foreign.pk]) == 1


def test_through_touches_no_other_user(user: User, other: User) -> None:
    add(user, 2)
    add(other, 2)
    mark(user.pk, "archive", through=10**6)
    assert Inbox.state_of(other.pk) == InboxState(2, 0, 2)


def test_reading_twice_keeps_the_first_time(user: User) -> None:
    (row,) = add(user)
    mark(user.pk, "read", through=1)
    first = Notification.objects.get(pk=row.pk).read_at
    mark(user.pk, "read", through=1)
    assert Notification.objects.get(pk=row.pk).read_at == first


def test_an_action_nobody_knows_is_refused(user: User) -> None:
    with pytest.raises(ValueError, match="delete"):
        mark(user.pk, "delete", through=1)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_one_ring_after_the_commit_and_no_change_is_none(
    user: User, rings: Rings
) -> None:
    add(user, 3)
    with transaction.atomic():
        assert mark(user.pk, "read", through=2) == 2
        assert rings.heard() == []
    assert rings.heard() == [(contract.RING_CHANGES, [user.pk])]
    assert mark(user.pk, "read", through=2) == 0
    assert len(rings.heard()) == 1


@pytest.mark.django_db(transaction=True)
def test_each_of_two_marks_at_once_notes_a_rev_of_its_own(user: User, rings: Rings) -> None:
    """Or a page that knows the first one's rev would never ask for what the second has changed."""
    first, second = add(user, 2)
    with transaction.atomic():
        mark(user.pk, "read", ids=[first.pk])
        late = in_thread(mark, user.pk, "read", ids=[second.pk])
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 1
    assert list(Notification.objects.order_by("seq").values_list("rev", flat=True)) == [1, 2]
    assert Inbox.state_of(user.pk).rev == 2


def test_a_mark_costs_three_queries_and_two_where_nothing_changes(
    user: User, django_assert_num_queries: Any
) -> None:
    add(user, 5)
    with django_assert_num_queries(
        5
    ):  # the lock, the rows, the rev; and a savepoint in this test's transaction
        mark(user.pk, "read", through=4)
    with django_assert_num_queries(4):
        mark(user.pk, "read", through=4)
