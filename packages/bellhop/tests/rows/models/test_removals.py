"""Deleted notifications: counted, told, and forgotten again."""

import threading
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from bellhop import contract
from bellhop.models import Inbox, InboxState, Notification
from bellhop.models.deleting import removal
from bellhop.models.deleting.removal import Removal
from bellhop.notify import notify
from rows.conftest import Rings
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until


def noted(user: User) -> list[tuple[uuid.UUID, int]]:
    rows = Removal.objects.filter(recipient=user).order_by("pk")
    return list(rows.values_list("notification_id", "rev"))


def changes_rung(rings: Rings) -> list[list[Any]]:
    return [arguments for task, arguments in rings.heard() if task == contract.RING_CHANGES]


@pytest.mark.django_db(transaction=True)
def test_a_deleted_row_raises_rev_once_and_rings_its_users_sockets_only(
    user: User, other: User, rings: Rings
) -> None:
    row, _, theirs = (
        notify(user, message="1"),
        notify(user, message="2"),
        notify(other, message="x"),
    )
    identity = row.pk
    assert row.delete() == (1, {"bellhop.Notification": 1})
    assert Inbox.state_of(user.pk) == InboxState(2, 1, 1)
    assert Inbox.state_of(other.pk) == InboxState(1, 0, 1)
    assert noted(user) == [(identity, 1)]
    assert changes_rung(rings) == [[user.pk]]
    assert Notification.objects.filter(pk=theirs.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_queryset_is_one_change_for_each_inbox(user: User, other: User, rings: Rings) -> None:
    mine = [notify(user, message="x") for _ in range(3)]
    theirs = notify(other, message="x")
    assert Notification.objects.filter(seq__lte=2).delete()[0] == 3
    assert (Inbox.state_of(user.pk), Inbox.state_of(other.pk)) == ((3, 1, 1, 0), (1, 1, 0, 0))
    assert sorted(noted(user)) == sorted((row.pk, 1) for row in mine[:2])
    assert noted(other) == [(theirs.pk, 1)]
    assert sorted(changes_rung(rings)) == sorted([[user.pk], [other.pk]])


@pytest.mark.django_db(transaction=True)
def test_the_users_own_rows_go_the_same_way(user: User, rings: Rings) -> None:
    notify(user, message="x")
    Notification.objects.filter(recipient=user).delete()
    assert Inbox.state_of(user.pk) == InboxState(1, 1, 0)
    assert changes_rung(rings) == [[user.pk]]


@pytest.mark.django_db(transaction=True)
def test_nothing_deleted_raises_nothing_and_rings_nobody(user: User, rings: Rings) -> None:
    row = notify(user, message="x")
    assert Notification.objects.filter(seq=7).delete()[0] == 0
    assert Notification.objects.none().delete()[0] == 0
    Notification.objects.filter(pk=row.pk).delete()
    assert row.delete()[0] == 0
    assert Inbox.state_of(user.pk).rev == 1
    assert changes_rung(rings) == [[user.pk]]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_neither_gone_nor_told(user: User, rings: Rings) -> None:
    row = notify(user, message="x")
    with transaction.atomic():
        Notification.objects.all().delete()
        transaction.set_rollback(True)
    assert Notification.objects.filter(pk=row.pk).exists()
    assert (Inbox.state_of(user.pk).rev, noted(user), changes_rung(rings)) == (0, [], [])


@pytest.mark.django_db(transaction=True)
def test_a_deleted_user_takes_rows_inbox_and_removals_along_and_rings_nobody(
    user: User, other: User, rings: Rings
) -> None:
    notify(user, message="x").delete()
    notify(user, message="x")
    notify(other, message="x")
    before = changes_rung(rings)
    user.delete()
    assert changes_rung(rings) == before
    assert set(Notification.objects.values_list("recipient", flat=True)) == {other.pk}
    assert not Removal.objects.exists()
    with pytest.raises(ObjectDoesNotExist):
        Inbox.objects.get(pk=user.pk)


@pytest.mark.django_db(transaction=True)
def test_the_latest_201_are_kept_for_each_user(user: User, other: User) -> None:
    notify(other, message="x").delete()
    rows = [notify(user, message="x") for _ in range(removal.KEPT + 4)]
    rows[0].delete()
    second = rows[1].pk
    rows[1].delete()
    Notification.objects.filter(seq__lte=removal.KEPT + 1).delete()
    kept = noted(user)
    assert len(kept) == removal.KEPT == contract.REPLAY_LIMIT + 1
    assert {rev for _, rev in kept} == {2, 3}
    assert (second, 2) in kept
    Notification.objects.filter(recipient=user).delete()
    assert [rev for _, rev in noted(user)].count(4) == 3
    assert len(noted(user)) == removal.KEPT
    assert len(noted(other)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_is_deleting_is_waited_for_and_counted_once(
    user: User, rings: Rings
) -> None:
    row = notify(user, message="x")
    with transaction.atomic():
        Notification.objects.all().delete()
        late = in_thread(Notification.objects.filter(pk=row.pk).delete)
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE)[0] == 0
    assert (Inbox.state_of(user.pk).rev, len(noted(user))) == (1, 1)
    assert changes_rung(rings) == [[user.pk]]


@pytest.mark.django_db(transaction=True)
def test_two_who_delete_the_same_rows_at_once_neither_deadlock_nor_count_twice(
    user: User, other: User, rings: Rings
) -> None:
    for _ in range(20):
        notify(user, message="x")
        notify(other, message="x")
    start, failures = threading.Barrier(2), []

    def delete(order: str) -> None:
        try:
            start.wait(PATIENCE)
            Notification.objects.order_by(order).delete()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=delete, args=(order,)) for order in ("seq", "-seq")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert failures == []
    assert (Inbox.state_of(user.pk), Inbox.state_of(other.pk)) == ((20, 1, 0, 0), (20, 1, 0, 0))
    assert len(noted(user)) == len(noted(other)) == 20


@pytest.mark.django_db(transaction=True)
def test_the_migration_applies_to_a_database_with_rows_in_it(user: User) -> None:
    row = notify(user, message="x")
    executor = MigrationExecutor(connection)
    try:
        executor.migrate([("bellhop", "0001_initial")])
        assert Removal._meta.db_table not in connection.introspection.table_names()
    finally:
        executor.loader.build_graph()
        executor.migrate(executor.loader.graph.leaf_nodes())
    row.delete()
    assert len(noted(user)) == 1
