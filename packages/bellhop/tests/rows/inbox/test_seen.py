"""What was seen never goes back, not beyond the latest, and is told to the person's other devices."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from bellhop.inbox.marks import Marked
from bellhop.inbox.seen import see
from bellhop.models import Inbox, InboxState, Notification
from rows.conftest import Rings
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db


def add(user: User, count: int) -> None:
    Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, message="x") for seq in range(1, count + 1)
    )


def test_it_is_noted_raises_rev_once_and_leaves_the_rows_alone(user: User, other: User) -> None:
    add(user, 5)
    add(other, 5)
    assert see(user.pk, 3) == Marked(5, 1, 5, 3, changed=1)
    assert Inbox.state_of(other.pk) == InboxState(5, 0, 5, 0)
    assert not Notification.objects.exclude(rev=0).exists()


@pytest.mark.parametrize("again", [3, 2, 0])
def test_it_never_goes_back_and_says_nothing_where_nothing_changes(user: User, again: int) -> None:
    add(user, 5)
    see(user.pk, 3)
    assert see(user.pk, again) == Marked(5, 1, 5, 3, changed=0)


def test_it_does_not_go_beyond_the_latest(user: User) -> None:
    add(user, 5)
    assert see(user.pk, 2**63 - 1).seen == 5
    assert see(user.pk, 2**63 - 1).rev == 1


def test_who_never_had_anything_has_seen_nothing(user: User) -> None:
    assert see(user.pk, 7) == Marked(0, 0, 0, 0, changed=0)
    assert not Inbox.objects.filter(pk=user.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_other_devices_are_told_after_the_commit_and_only_of_a_change(
    user: User, rings: Rings
) -> None:
    add(user, 2)
    with transaction.atomic():
        see(user.pk, 1)
        assert rings.heard() == []
    see(user.pk, 1)
    assert [task for task, _ in rings.heard()] == ["bellhop.tasks.ring_changes"]


@pytest.mark.django_db(transaction=True)
def test_of_two_devices_at_once_the_one_that_saw_more_wins(user: User) -> None:
    add(user, 5)
    seen, go_on = threading.Event(), threading.Event()

    def see_more() -> Any:
        with transaction.atomic():
            state = see(user.pk, 5)
            seen.set()
            assert go_on.wait(PATIENCE)
            return state

    more = in_thread(see_more)
    assert seen.wait(PATIENCE)
    less = in_thread(see, user.pk, 3)
    until(somebody_waits_for_a_lock)
    go_on.set()
    assert more.result(PATIENCE).seen == 5
    assert less.result(PATIENCE).seen == 5
    assert Inbox.state_of(user.pk) == InboxState(5, 1, 5, 5)
