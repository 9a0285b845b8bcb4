"""update(): a notification says something else where it stands, and everybody who shows it is told."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from bellhop import contract, frame_from_row
from bellhop.kinds import Kind
from bellhop.models import Inbox, InboxState, Notification
from bellhop.notify import notify, notify_many
from bellhop.recall import aupdate, update, withdraw
from bellhop.ring import publish_thread
from rows.conftest import Kinds, Rings
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.django_db(transaction=True)


def changes_rung(rings: Rings) -> list[list[Any]]:
    return [arguments for task, arguments in rings.heard() if task == contract.RING_CHANGES]


def stored(row: Notification) -> Notification:
    return Notification.objects.get(pk=row.pk)


@pytest.mark.parametrize("name", [lambda row: row, lambda row: row.pk, lambda row: str(row.pk)])
def test_it_says_something_else_in_its_place_and_is_read_or_not_as_before(
    user: User, other: User, rings: Rings, name: Any
) -> None:
    row, kept, theirs = notify(user, "1", body="b"), notify(user, "2"), notify(other, "x")
    assert update(name(row), message="one", url="/1", data={"n": 1}) == 1
    now = stored(row)
    assert (now.message, now.body, now.url, now.data) == ("one", "b", "/1", {"n": 1})
    assert (now.seq, now.read_at, now.created, now.kind) == (1, None, row.created, row.kind)
    assert (now.rev, now.updated_rev) == (1, 1)
    assert [(stored(each).rev, stored(each).updated_rev) for each in (kept, theirs)] == [(0, 0)] * 2
    assert Inbox.state_of(user.pk) == InboxState(2, 1, 2)
    assert Inbox.state_of(other.pk) == InboxState(1, 0, 1)
    assert changes_rung(rings) == [[user.pk]]


def test_a_key_changes_it_for_everybody_and_with_a_recipient_for_them_alone(
    user: User, other: User, rings: Rings
) -> None:
    mine, theirs = notify_many([user, other], "sale", key="sale")
    assert update(key="sale", message="sale ends") == 2
    assert update(key="sale", recipient=other, message="sale ends today") == 1
    assert update(mine, recipient=other, message="not mine") == 0
    assert (stored(mine).message, stored(theirs).message) == ("sale ends", "sale ends today")
    assert (stored(mine).updated_rev, stored(theirs).updated_rev) == (1, 2)


def test_what_it_says_already_tells_nobody(user: User, rings: Rings) -> None:
    row = notify(user, "x", data={"n": 1})
    assert update(row, message="x", body="", data={"n": 1}) == 1
    assert Inbox.state_of(user.pk).rev == 0
    assert changes_rung(rings) == []
    assert update(row, data={"n": True}) == 1
    assert stored(row).data == {"n": True}
    assert Inbox.state_of(user.pk).rev == 1


def test_what_is_not_there_is_none(user: User, rings: Rings) -> None:
    row = notify(user, "x")
    withdraw(row)
    for missing in (row, uuid.uuid4(), Notification(recipient=user)):
        assert update(missing, message="y") == 0
    assert update(key="never", message="y") == 0
    assert not Notification.objects.exists()
    assert Inbox.state_of(user.pk).rev == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "name what shall change"),
        ({"message": "  "}, "message: nothing of it can be seen"),
        ({"message": 7}, "message: text, not int"),
        ({"url": "//elsewhere"}, "url"),
        ({"data": [1]}, "data: a mapping"),
        ({"data": {"x": float("nan")}}, "data"),
        ({"expires": timedelta(seconds=-1)}, "expires: lies in the past"),
        ({"expires": datetime(2099, 1, 1)}, "expires: a datetime with a time zone"),
        ({"body": "x" * contract.FRAME_BYTES}, "bytes as a frame"),
    ],
)
def test_what_notify_refuses_is_refused_before_anything_is_written(
    user: User, changed: Any, said: str
) -> None:
    row = notify(user, "x")
    with pytest.raises(ValueError, match=said):
        update(row, **changed)
    assert (stored(row).message, Inbox.state_of(user.pk).rev) == ("x", 0)


def test_what_would_be_too_long_together_is_refused_for_all_of_a_batch(
    user: User, other: User
) -> None:
    long = "x" * (contract.FRAME_BYTES - 1000)
    mine, theirs = notify(user, "1", key="k"), notify(other, "2", body=long, key="k")
    with pytest.raises(ValueError, match=f"notification {theirs.pk} would take"):
        update(key="k", data={"more": "y" * 2000})
    assert (stored(mine).data, stored(theirs).data) == ({}, {})
    assert update(key="k", message="short enough") == 2


def test_an_empty_message_has_the_kinds_words_speak_of_the_new_facts(
    user: User, kinds: Kinds
) -> None:
    kinds(Kind("order.paid", label="Orders", message="Order {{ number }} is paid"))
    row = notify(user, "by hand", kind="order.paid", data={"number": 7})
    update(row, message="", data={"number": 8})
    assert frame_from_row.frame(stored(row))["message"] == "Order 8 is paid"


def test_expiry_is_set_moved_and_taken_back(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2030, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    row = notify(user, "x")
    update(row, expires=timedelta(hours=1))
    assert stored(row).expires_at == now + timedelta(hours=1)
    update(row, expires=now + timedelta(hours=2))
    assert stored(row).expires_at == now + timedelta(hours=2)
    update(row, expires=None)
    assert stored(row).expires_at is None
    assert stored(row).updated_rev == 3


def test_in_a_transaction_that_is_rolled_back_nothing_is_changed_or_told(
    user: User, rings: Rings
) -> None:
    row = notify(user, "x")
    with transaction.atomic():
        assert update(row, message="y") == 1
        transaction.set_rollback(True)
    assert stored(row).message == "x"
    assert (Inbox.state_of(user.pk).rev, changes_rung(rings)) == (0, [])


def test_a_row_of_the_same_transaction_is_rung_with_its_new_words(
    user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "direct"}
    rung: list[str] = []
    monkeypatch.setattr(
        publish_thread, "ring_saved", lambda rows: rung.extend(row.message for row in rows)
    )
    with transaction.atomic():
        row, untouched = notify(user, "old"), notify(user, "as it was")
        update(row, message="new")
    assert rung == ["new", "as it was"]
    assert (row.seq, untouched.seq, row.message) == (1, 2, "new")


def test_an_update_that_a_savepoint_undoes_is_not_rung(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(
        publish_thread, "ring_saved", lambda rows: rung.extend(row.message for row in rows)
    )
    with transaction.atomic():
        row = notify(user, "old")
        with transaction.atomic():
            update(row, message="new")
            transaction.set_rollback(True)
    assert rung == ["old"]


def test_a_row_that_waits_for_its_number_has_it_before_its_words_change(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ring, with the old words, may still come: by its number a socket that was told the new ones drops it."""
    with monkeypatch.context() as patched:
        patched.setattr("bellhop.saving.after_commit.number_and_tell", lambda *_: None)
        with transaction.atomic():
            row = notify(user, "old")
    assert stored(row).seq is None
    assert update(row, message="new") == 1
    assert (stored(row).seq, stored(row).message, stored(row).updated_rev) == (1, "new", 1)
    assert Inbox.state_of(user.pk) == InboxState(1, 1, 1)


def test_it_waits_for_who_deletes_the_row_and_finds_it_gone(user: User) -> None:
    row = notify(user, "x")
    with transaction.atomic():
        withdraw(row)
        late = in_thread(update, row.pk, message="y")
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 0


def test_two_at_once_in_any_order_neither_deadlock_nor_lose_a_rev(user: User, other: User) -> None:
    notify_many([user, other], "x", key="a")
    notify_many([user, other], "x", key="b")
    start, failures = threading.Barrier(2), []

    def change(keys: str) -> None:
        try:
            start.wait(PATIENCE)
            for n in range(10):
                for key in keys:
                    update(key=key, message=f"{keys} {n}")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(keys,)) for keys in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert Inbox.state_of(user.pk).rev == Inbox.state_of(other.pk).rev == 40


def test_in_an_event_loop(user: User) -> None:
    assert async_to_sync(aupdate)(uuid.uuid4(), message="x") == 0
