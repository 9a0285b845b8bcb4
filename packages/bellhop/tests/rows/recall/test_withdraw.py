"""withdraw(): what is gone is gone everywhere, nobody else's goes, and what is not there costs nothing."""

import uuid
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connection, transaction

from bellhop import contract, recall
from bellhop.models import Inbox, InboxState, Notification, Removal
from bellhop.notify import notify, notify_many
from bellhop.recall import awithdraw, withdraw
from rows.conftest import Kinds, Rings
from rows.waiting import PATIENCE, held_inbox, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db(transaction=True)


def changes_rung(rings: Rings) -> list[list[Any]]:
    return [arguments for task, arguments in rings.heard() if task == contract.RING_CHANGES]


@pytest.mark.parametrize("name", [lambda row: row, lambda row: row.pk, lambda row: str(row.pk)])
def test_a_notification_is_withdrawn_by_itself_and_by_its_id(
    user: User, other: User, rings: Rings, name: Any
) -> None:
    row, kept, theirs = notify(user, "1"), notify(user, "2"), notify(other, "x")
    assert withdraw(name(row)) == 1
    assert set(Notification.objects.all()) == {kept, theirs}
    assert Inbox.state_of(user.pk) == InboxState(2, 1, 1)
    assert Inbox.state_of(other.pk) == InboxState(1, 0, 1)
    assert list(Removal.objects.values_list("notification_id", "rev")) == [(row.pk, 1)]
    assert changes_rung(rings) == [[user.pk]]


def test_a_key_withdraws_it_from_everybody_and_may_be_used_again(
    user: User, other: User, rings: Rings
) -> None:
    notify_many([user, other], "sale", key="sale")
    kept = notify(user, "another", key="another")
    assert withdraw(key="sale") == 2
    assert list(Notification.objects.all()) == [kept]
    assert sorted(changes_rung(rings)) == sorted([[user.pk], [other.pk]])
    assert notify(user, "sale again", key="sale").seq == 3


def test_with_a_recipient_only_theirs_goes(user: User, other: User, rings: Rings) -> None:
    _, theirs = notify_many([user, other], "sale", key="sale")
    assert withdraw(theirs, recipient=user) == 0
    assert withdraw(key="sale", recipient=user) == 1
    assert list(Notification.objects.all()) == [theirs]
    assert withdraw(theirs.pk, recipient=other) == 1
    assert Inbox.state_of(other.pk).rev == Inbox.state_of(user.pk).rev == 1


def test_what_is_not_there_is_none_and_tells_nobody(user: User, rings: Rings, kinds: Kinds) -> None:
    row = notify(user, "x")
    assert withdraw(row) == 1
    assert withdraw(row) == withdraw(uuid.uuid4()) == withdraw(key="never") == 0
    assert withdraw(Notification(recipient=user)) == 0
    assert Inbox.state_of(user.pk).rev == 1
    assert changes_rung(rings) == [[user.pk]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "exactly one of notification and key"),
        ({"notification": uuid.uuid4(), "key": "k"}, "exactly one of notification and key"),
        ({"notification": "garbage"}, "notification: 'garbage' is no id"),
        ({"notification": 7}, "notification: itself or its id"),
        ({"key": 7}, "key: a str"),
        ({"key": ""}, "key: 1 to 200"),
        ({"key": "k", "recipient": 7}, "recipient: a user"),
    ],
)
def test_arguments_that_mean_nothing_are_refused_by_name(
    db: None, arguments: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        withdraw(**arguments)


def test_in_a_transaction_that_is_rolled_back_it_stays_and_nobody_is_told(
    user: User, rings: Rings
) -> None:
    row = notify(user, "x")
    with transaction.atomic():
        assert withdraw(row) == 1
        transaction.set_rollback(True)
    assert list(Notification.objects.all()) == [row]
    assert Inbox.state_of(user.pk) == InboxState(1, 0, 1)
    assert (list(Removal.objects.all()), changes_rung(rings)) == ([], [])


def test_an_error_of_withdraw_leaves_the_callers_transaction_usable(user: User) -> None:
    row = notify(user, "x")
    with held_inbox(user), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(Exception, match="lock timeout"):
            withdraw(row)
        assert Notification.objects.count() == 1


def test_what_was_made_in_the_same_transaction_is_neither_numbered_nor_rung(
    user: User, rings: Rings
) -> None:
    with transaction.atomic():
        row = notify(user, "x")
        assert withdraw(row) == 1
    assert row.seq is None
    assert [task for task, _ in rings.heard()] == [contract.RING_CHANGES]
    assert Inbox.state_of(user.pk) == InboxState(0, 1, 0)
    assert notify(user, "y").seq == 1


def test_a_row_that_waits_for_its_number_goes_and_leaves_no_gap(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        # As where its process dies between commit and number.
        patched.setattr("bellhop.saving.after_commit.number_and_tell", lambda *_: None)
        with transaction.atomic():
            left, kept = notify(user, "x"), notify(user, "y")
    assert withdraw(left) == 1
    assert notify(user, "z").seq == 2
    kept.refresh_from_db()
    assert kept.seq == 1


def test_it_waits_for_who_holds_the_inbox_and_counts_what_it_finds_then(
    user: User, rings: Rings
) -> None:
    row = notify(user, "x")
    with transaction.atomic():
        assert withdraw(row) == 1
        late = in_thread(withdraw, row.pk)
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 0
    assert changes_rung(rings) == [[user.pk]]


def test_many_go_in_batches_each_in_a_transaction_of_its_own(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "BATCH", 3)
    people = User.objects.bulk_create(User(username=f"u{n}") for n in range(8))
    notify_many(people, "x", key="all")
    tried: list[int] = []
    delete = recall._delete

    def fail_at_the_second(rows: Any) -> int:
        tried.append(len(rows))
        if len(tried) == 2:
            raise RuntimeError("killed")
        return delete(rows)

    monkeypatch.setattr(recall, "_delete", fail_at_the_second)
    with pytest.raises(RuntimeError):
        withdraw(key="all")
    assert Notification.objects.count() == 5
    assert withdraw(key="all") == 5
    assert not Notification.objects.exists()
    assert all(Inbox.state_of(user.pk) == (1, 1, 0, 0) for user in people)


def test_a_batch_whose_people_are_deleted_meanwhile_is_tried_again(user: User, other: User) -> None:
    notify_many([user, other], "x", key="all")
    with transaction.atomic():
        # Its rows go with the commit, which the withdrawal waits for.
        User.objects.filter(pk=user.pk).delete()
        late = in_thread(withdraw, key="all")
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 1
    assert not Notification.objects.exists()


def test_in_an_event_loop(user: User) -> None:
    row = notify(user, "x")
    assert async_to_sync(awithdraw)(row, recipient=user) == 1
    assert async_to_sync(awithdraw)(row) == 0
