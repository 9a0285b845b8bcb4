"""The rules live in the database: PostgreSQL itself refuses what would break a promise."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from bellhop.models import Inbox, InboxState, Notification

pytestmark = pytest.mark.django_db


def insert(user: User, seq: int, **columns: Any) -> Notification:
    return Notification.objects.create(recipient=user, seq=seq, **columns)


def refused(rule: str, statement: str, *parameters: Any) -> None:
    """Past Django: what a shell or another program would send."""
    with (
        pytest.raises(IntegrityError, match=rule),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


def test_a_recipient_has_each_seq_once(user: User, other: User) -> None:
    insert(user, 1)
    insert(other, 1)
    second = insert(user, 2)
    refused(
        "bellhop_one_per_seq",
        "UPDATE bellhop_notification SET seq = 1 WHERE id = %s",
        second.pk,
    )


def test_a_recipient_has_each_key_once_and_any_number_without(user: User, other: User) -> None:
    insert(user, 1, key="order-7")
    insert(other, 1, key="order-7")
    second = insert(user, 2)
    insert(user, 3)
    refused(
        "bellhop_one_per_key",
        "UPDATE bellhop_notification SET key = 'order-7' WHERE id = %s",
        second.pk,
    )


@pytest.mark.parametrize("seq", [0, -1])
def test_seq_counts_from_one(user: User, seq: int) -> None:
    row = insert(user, 1)
    refused(
        "bellhop_seq_counts_from_one",
        "UPDATE bellhop_notification SET seq = %s WHERE id = %s",
        seq,
        row.pk,
    )


@pytest.mark.parametrize("column", ["last_seq", "rev"])
def test_an_inbox_counts_from_zero(user: User, column: str) -> None:
    Inbox.objects.create(user=user)
    refused(
        "bellhop_inbox_counts_from_zero",
        f"UPDATE bellhop_inbox SET {column} = -1 WHERE user_id = %s",  # noqa: S608
        user.pk,
    )


def test_a_user_has_one_inbox(user: User) -> None:
    Inbox.objects.create(user=user)
    refused(
        "bellhop_inbox_pkey",
        "INSERT INTO bellhop_inbox (user_id, last_seq, rev) VALUES (%s, 0, 0)",
        user.pk,
    )


def test_locked_makes_the_inbox_on_first_use_and_finds_it_after(user: User) -> None:
    assert Inbox.locked(user.pk).last_seq == 0
    Inbox.objects.filter(pk=user.pk).update(last_seq=3)
    assert Inbox.locked(user.pk).last_seq == 3
    assert Inbox.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_locked_needs_a_transaction(user: User) -> None:
    with pytest.raises(TransactionManagementError):
        Inbox.locked(user.pk)


def test_who_never_had_a_notification_stands_at_zero(user: User) -> None:
    assert Inbox.state_of(user.pk) == InboxState(0, 0, 0)


def test_the_bell_counts_neither_read_nor_put_away_nor_others(user: User, other: User) -> None:
    now = timezone.now()
    insert(user, 1)
    insert(user, 2, read_at=now)
    insert(user, 3, archived_at=now)
    insert(user, 4, read_at=now, archived_at=now)
    insert(other, 1)
    Inbox.objects.filter(user=user).update(rev=2)
    assert Inbox.state_of(user.pk) == InboxState(4, 2, 1)


@pytest.mark.parametrize("count", [1, 30])
def test_where_a_user_stands_costs_one_query(
    user: User, count: int, django_assert_num_queries: Any
) -> None:
    for seq in range(count):
        insert(user, seq + 1)
    with django_assert_num_queries(1):
        Inbox.state_of(user.pk)


def test_a_deleted_user_takes_inbox_and_notifications_along(user: User, other: User) -> None:
    for each in (user, other):
        insert(each, 1)
    user.delete()
    assert [row.recipient for row in Notification.objects.all()] == [other]
    assert Inbox.objects.get().user == other
