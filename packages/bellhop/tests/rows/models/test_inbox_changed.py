"""The signal by which an inbox that has changed is told: after the commit, and at nobody's cost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from bellhop.models import Inbox
from bellhop.models.signals import inbox_changed
from rows.conftest import Rings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """Users of whom the signal was sent; its receiver fails at each."""
    users: list[int] = []

    def receive(user_id: int, **_: Any) -> None:
        users.append(user_id)
        raise RuntimeError("a receiver of somebody's own")

    # Before the one that rings, which must hear of it all the same.
    ours, inbox_changed.receivers = inbox_changed.receivers, []
    inbox_changed.connect(receive)
    inbox_changed.receivers += ours
    yield users
    inbox_changed.disconnect(receive)


def test_each_user_is_told_once_after_the_commit_in_the_order_given(
    user: User, other: User, rings: Rings, told: list[int]
) -> None:
    with transaction.atomic():
        Inbox.lock_all([user.pk, other.pk])
        assert Inbox.raise_revs([other.pk, user.pk]) == {user.pk: 1, other.pk: 1}
        assert told == []
    assert told == [other.pk, user.pk]


def test_a_rollback_tells_nobody(user: User, rings: Rings, told: list[int]) -> None:
    with transaction.atomic():
        Inbox.locked(user.pk)
        Inbox.raise_revs([user.pk])
        transaction.set_rollback(True)
    assert (told, Inbox.state_of(user.pk).rev) == ([], 0)


def test_a_receiver_that_fails_costs_neither_the_caller_nor_the_ring(
    user: User, rings: Rings, told: list[int]
) -> None:
    with transaction.atomic():
        Inbox.locked(user.pk)
        Inbox.raise_revs([user.pk])
    assert told == [user.pk]
    assert [arguments for _, arguments in rings.heard()] == [[user.pk]]
