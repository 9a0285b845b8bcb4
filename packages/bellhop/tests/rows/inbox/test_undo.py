"""An undo changes what that very change has changed, but for what was changed again since."""

import pytest
from django.contrib.auth.models import User

from bellhop import recall
from bellhop.inbox.marks import mark, marked
from bellhop.models import Inbox, Notification

pytestmark = pytest.mark.django_db


def add(user: User, count: int) -> list[Notification]:
    return [
        Notification.objects.create(recipient=user, seq=seq, message="x")
        for seq in range(1, count + 1)
    ]


def archived(user: User) -> list[int | None]:
    rows = Notification.objects.filter(recipient=user).exclude(archived_at=None).order_by("seq")
    return [row.seq for row in rows]


def test_what_was_archived_comes_back_and_nothing_else(user: User) -> None:
    rows = add(user, 4)
    mark(user.pk, "archive", ids=[rows[0].pk])
    done = marked(user.pk, "archive", through=3)
    assert (done.changed, archived(user)) == (2, [1, 2, 3])
    undone = marked(user.pk, "unarchive", rev=done.rev)
    assert (undone.changed, archived(user)) == (2, [1])
    assert undone.rev == done.rev + 1


def test_what_another_device_has_changed_since_stays_as_it_is_there(user: User) -> None:
    rows = add(user, 3)
    done = marked(user.pk, "read", through=3)
    mark(user.pk, "archive", ids=[rows[1].pk])
    assert mark(user.pk, "unread", rev=done.rev) == 2
    assert Notification.objects.get(pk=rows[1].pk).read_at is not None


def test_what_was_deleted_since_is_passed_over(user: User) -> None:
    rows = add(user, 2)
    done = marked(user.pk, "archive", through=2)
    recall.withdraw(rows[0])
    assert mark(user.pk, "unarchive", rev=done.rev) == 1


def test_a_second_undo_changes_nothing(user: User) -> None:
    add(user, 2)
    done = marked(user.pk, "archive", through=2)
    mark(user.pk, "unarchive", rev=done.rev)
    rev = Inbox.state_of(user.pk).rev
    assert mark(user.pk, "unarchive", rev=done.rev) == 0
    assert Inbox.state_of(user.pk).rev == rev


def test_nobody_elses_change_of_the_same_rev_is_undone(user: User, other: User) -> None:
    add(user, 1)
    add(other, 1)
    mine, theirs = (marked(each.pk, "archive", through=1) for each in (user, other))
    assert mine.rev == theirs.rev
    mark(user.pk, "unarchive", rev=mine.rev)
    assert (archived(user), archived(other)) == ([], [1])


def test_rev_0_is_no_change(user: User) -> None:
    add(user, 2)
    assert mark(user.pk, "read", rev=0) == 0
