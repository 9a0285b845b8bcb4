"""The unread of a long inbox are counted once, and every look says what a count of all rows would."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from bellhop import recall
from bellhop.inbox import standing
from bellhop.inbox.marks import mark
from bellhop.inbox.seen import see
from bellhop.models import Inbox, Notification
from rows.waiting import held_inbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MANY", 5)


def add(user: User, count: int, first: int = 1, **columns: Any) -> None:
    Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, **{"message": "x", **columns})
        for seq in range(first, first + count)
    )


def counted(user: User) -> int:
    """Return how many rows a look counts, and check what it says."""
    state, looked_at = Inbox.look(user.pk)
    stored = Notification.objects.filter(recipient=user)
    assert state.unread == stored.unread().count()
    return looked_at


def test_a_long_inbox_is_counted_once(user: User, django_assert_num_queries: Any) -> None:
    add(user, 20)
    assert counted(user) == 20
    with django_assert_num_queries(2):
        assert standing.standing(user.pk).unread == 20
    with django_assert_num_queries(1):
        assert standing.standing(user.pk).unread == 20
    assert counted(user) == 0


def test_a_short_one_is_always_counted(user: User, django_assert_num_queries: Any) -> None:
    add(user, 5)
    with django_assert_num_queries(1):
        standing.standing(user.pk)
    assert counted(user) == 5


CHANGES = {
    "read": lambda user: mark(user.pk, "read", through=3),
    "archive": lambda user: mark(user.pk, "archive", through=3),
    "withdraw": lambda user: recall.withdraw(Notification.objects.get(recipient=user, seq=2)),
    "another comes": lambda user: add(user, 1, first=99),
    "one comes below": lambda user: add(user, 1, first=25),
    "seen": lambda user: see(user.pk, 3),
    "read in SQL": lambda user: Notification.objects.filter(recipient=user, seq=4).update(
        read_at=timezone.now()
    ),
    "unread in SQL": lambda user: Notification.objects.filter(recipient=user, seq=21).update(
        read_at=None
    ),
    "deleted in SQL": lambda user: _delete(user, 4),
    "numbered": lambda user: Notification.objects.filter(recipient=user, seq=None).update(seq=30),
}


def _delete(user: User, seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bellhop_notification WHERE recipient_id = %s AND seq = %s", [user.pk, seq]
        )


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_count_is_right(user: User, other: User, change: str) -> None:
    add(user, 20)
    add(user, 1, first=21, read_at=timezone.now())
    add(user, 1, first=26)
    Notification.objects.create(recipient=user, message="waits for its number")
    add(other, 20)
    standing.standing(user.pk)
    standing.standing(other.pk)
    CHANGES[change](user)
    counted(user)
    assert counted(other) == 0
    assert standing.standing(user.pk).unread == Inbox.state_of(user.pk).unread


@pytest.mark.django_db(transaction=True)
def test_nobody_who_holds_the_inbox_is_waited_for(user: User) -> None:
    add(user, 20)
    with held_inbox(user):
        assert standing.standing(user.pk).unread == 20
    assert counted(user) == 20
