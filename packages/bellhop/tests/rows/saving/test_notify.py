"""notify(): the one gate. Saved once, in order, rung after the commit, and never in the caller's way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import pytest
import structlog
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from bellhop import contract
from bellhop.models import Inbox, Notification
from bellhop.notify import notify
from bellhop.ring import publish_thread
from rows.conftest import Rings
from rows.waiting import PATIENCE, in_thread, somebody_waits_for_a_lock, until, until_looked_at
from stack import task_names
from stack.celery_app import celery_app

pytestmark = pytest.mark.django_db(transaction=True)


class Interrupted(Exception):  # noqa: N818 - what a caller's code may raise
    pass


def seqs(user: User) -> list[int]:
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("seq", flat=True))


def test_seqs_count_1_2_3_for_each_recipient(rings: Rings, user: User, other: User) -> None:
    mine = [notify(user, message=str(number)).seq for number in range(3)]
    theirs = notify(other).seq
    assert (mine, theirs, notify(user).seq) == ([1, 2, 3], 1, 4)


def test_what_the_caller_wrote_is_what_is_stored(rings: Rings, user: User) -> None:
    row = notify(
        user,
        "Paid",
        kind="order.paid",
        body="Thank you",
        url="/orders/7",
        data={"n": [1]},
        key="k",
    )
    stored = Notification.objects.get(pk=row.pk)
    assert (stored.recipient, stored.kind, stored.message, stored.body) == (
        user, "order.paid", "Paid", "Thank you",
    )  # fmt: skip
    assert (stored.url, stored.data, stored.key, stored.read_at) == (
        "/orders/7", {"n": [1]}, "k", None,
    )  # fmt: skip


def test_the_second_argument_is_the_message(rings: Rings, user: User) -> None:
    row = notify(user, "Lunch is ready")
    assert (row.kind, row.message) == ("message", "Lunch is ready")


def test_the_same_key_twice_returns_the_first_notification_unchanged(
    rings: Rings, user: User
) -> None:
    first = notify(user, message="once", key="order-7")
    again = notify(user, "twice", kind="other.kind", url="/elsewhere", key="order-7")
    assert (again.pk, again.message, again.kind, again.url) == (
        first.pk,
        "once",
        "message",
        "",
    )
    assert seqs(user) == [1]
    assert len(rings.rung()) == 1


def test_the_same_key_is_another_notification_for_another_recipient(
    rings: Rings, user: User, other: User
) -> None:
    assert notify(user, key="order-7").pk != notify(other, key="order-7").pk


def test_without_a_key_every_call_is_a_notification(rings: Rings, user: User) -> None:
    assert notify(user, message="x").pk != notify(user, message="x").pk


def test_a_repeat_leaves_no_gap(rings: Rings, user: User) -> None:
    for key in ("a", "a", "b", "a", "c"):
        notify(user, key=key)
    assert seqs(user) == [1, 2, 3]


def test_the_same_key_in_two_transactions_at_once_is_one_notification(
    rings: Rings, user: User
) -> None:
    with transaction.atomic():
        first = notify(user, message="first", key="order-7")
        second = in_thread(notify, user, message="second", key="order-7")
        until(somebody_waits_for_a_lock)
    assert second.result(PATIENCE).pk == first.pk
    assert seqs(user) == [1]
    assert len(rings.rung()) == 1


def test_a_key_whose_first_transaction_failed_goes_to_the_second(rings: Rings, user: User) -> None:
    with suppress(Interrupted), transaction.atomic():
        notify(user, message="first", key="order-7")
        second = in_thread(notify, user, message="second", key="order-7")
        until(somebody_waits_for_a_lock)
        raise Interrupted
    assert second.result(PATIENCE).message == "second"
    assert seqs(user) == [1]


def test_two_first_notifications_at_once_make_one_inbox(rings: Rings, user: User) -> None:
    with transaction.atomic():
        first = notify(user)
        # Nobody waits for a commit that is somebody else's.
        assert in_thread(notify, user).result(PATIENCE).seq == 1
        assert first.seq is None
    assert first.seq == 2
    assert Inbox.objects.get(pk=user.pk).last_seq == 2


def test_concurrent_notifies_leave_no_gap_at_any_moment(rings: Rings, user: User) -> None:
    """Whoever sees n also sees everything below n, while eight callers write at once."""
    done = threading.Event()

    def write() -> None:
        for turn in range(10):
            notify(user)
            if turn % 4 == 3:
                until_looked_at(looks)

    looks: list[list[int]] = []

    def look() -> None:
        while not done.is_set():
            looks.append(seqs(user))

    looking = in_thread(look)
    writers = [in_thread(write) for _ in range(8)]
    for writer in writers:
        writer.result(60)
    done.set()
    looking.result(PATIENCE)
    assert len(looks) > 3
    assert [seen for seen in looks if seen != list(range(1, len(seen) + 1))] == []
    assert seqs(user) == list(range(1, 81))


def test_one_recipients_transaction_holds_up_no_other(
    rings: Rings, user: User, other: User
) -> None:
    with transaction.atomic():
        notify(user)
        assert in_thread(notify, other).result(PATIENCE).seq == 1


def test_nothing_rings_before_the_commit(rings: Rings, user: User) -> None:
    with transaction.atomic():
        row = notify(user)
        assert rings.heard() == []
    assert rings.heard() == [(contract.RING, [str(row.pk)])]


def test_the_row_is_visible_to_others_when_it_rings(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visible = []

    def ring(rows: list[Notification]) -> bool:
        stored = Notification.objects.filter(pk=rows[0].pk, seq=rows[0].seq)
        visible.append(in_thread(stored.exists).result(PATIENCE))
        return True

    monkeypatch.setattr(publish_thread, "ring_saved", ring)
    with transaction.atomic():
        notify(user)
    assert visible == [True]


def test_a_rollback_leaves_neither_row_nor_ring_nor_gap(rings: Rings, user: User) -> None:
    with suppress(Interrupted), transaction.atomic():
        notify(user)
        raise Interrupted
    assert (seqs(user), rings.heard()) == ([], [])
    assert notify(user).seq == 1


def test_an_inner_rollback_takes_back_only_what_it_held(rings: Rings, user: User) -> None:
    with transaction.atomic():
        kept = notify(user, message="kept")
        with suppress(Interrupted), transaction.atomic():
            notify(user, message="taken back")
            raise Interrupted
        last = notify(user, message="last")
    assert seqs(user) == [1, 2]
    assert rings.rung() == [str(kept.pk), str(last.pk)]


def test_a_login_rings_its_own_task_and_every_other_kind_the_common_one(
    rings: Rings, user: User
) -> None:
    notify(user, kind="login")
    notify(user, kind="login.elsewhere")
    assert [task for task, _ in rings.heard()] == [
        task_names.SEND_LOGIN_NOTIFICATION,
        contract.RING,
    ]


def test_many_recipients_in_one_transaction_ring_each_once_after_it(
    rings: Rings,
) -> None:
    users = [User.objects.create_user(f"user{number}") for number in range(20)]
    with transaction.atomic():
        rows = [notify(user, message="to all") for user in users]
    assert {row.seq for row in rows} == {1}
    assert rings.rung() == [str(row.pk) for row in rows]


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Let rings wait for the end of this block. AssertionError where one is not still to be sent then."""
    bell, over = publish_thread._doorbell, threading.Event()
    send = bell._send

    def send_later(*ring: Any) -> object:
        assert over.wait(2 * PATIENCE)
        return send(*ring)

    bell._send = send_later
    try:
        yield
        # Whoever waits for a broker has sent it by now, or given up.
        assert not bell.flush(0)
    finally:
        over.set()


def test_a_broker_that_refuses_costs_neither_the_row_nor_time(
    user: User, rings: Rings, settings: Any, closed_port: int
) -> None:
    settings.BROKER_URL = f"redis://127.0.0.1:{closed_port}"
    app = celery_app("nowhere")
    with nothing_sent():
        notify(user)
    assert seqs(user) == [1]
    assert publish_thread.flush(PATIENCE)
    app.close()


def test_a_broker_that_hangs_costs_neither_the_row_nor_time(
    user: User, rings: Rings, settings: Any, silent_port: int
) -> None:
    settings.BROKER_URL = f"redis://127.0.0.1:{silent_port}"
    app = celery_app("silence")
    with nothing_sent():
        for _ in range(5):
            notify(user)
    assert seqs(user) == [1, 2, 3, 4, 5]
    assert publish_thread.flush(PATIENCE)
    app.close()


def test_even_a_ring_that_raises_is_not_the_callers_trouble(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(publish_thread, "ring_saved", broken)
    assert notify(user).seq == 1


BAD_ARGUMENTS: list[dict[str, Any]] = [
    {"kind": ""},
    {"kind": "Login"},
    {"kind": "two words"},
    {"kind": "1st"},
    {"kind": "login\n"},
    {"kind": "k" * 51},
    {"url": "javascript:alert(1)"},
    {"url": " javascript:alert(1)"},
    {"url": "data:text/html,x"},
    {"url": "//evil.example"},
    {"url": "/\\evil.example"},
    {"url": "evil.example"},
    {"url": "ftp://example.com"},
    {"key": ""},
    {"key": "k" * 201},
]


@pytest.mark.parametrize("arguments", BAD_ARGUMENTS, ids=str)
def test_what_cannot_be_stored_or_shown_is_a_value_error_and_saves_nothing(
    rings: Rings, user: User, arguments: dict[str, Any]
) -> None:
    with transaction.atomic():
        with pytest.raises(ValueError, match=next(iter(arguments))):
            notify(user, **arguments)
        row = notify(user)
    assert row.seq == 1
    assert len(rings.rung()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        {"kind": "k" * 50},
        {"kind": "order.paid-v2_final"},
        {"url": "/"},
        {"url": "/orders/7?x=1#top"},
        {"url": "https://example.com/a b"},
        {"url": "http://example.com"},
        {"key": "k" * 200},
        {"message": "", "body": "x" * 32_000},
    ],
    ids=lambda arguments: str(arguments)[:40],
)
def test_what_can_be_stored_and_shown_is(
    rings: Rings, user: User, arguments: dict[str, Any]
) -> None:
    assert notify(user, **arguments).seq == 1


def test_the_request_that_caused_it_is_kept_with_the_row(rings: Rings, user: User) -> None:
    with structlog.contextvars.bound_contextvars(request_id="req-1"):
        row = notify(user)
    assert Notification.objects.get(pk=row.pk).request_id == "req-1"
    assert notify(user).request_id == ""


def test_one_notification_costs_a_constant_number_of_queries(
    rings: Rings, user: User, django_assert_num_queries: Any
) -> None:
    notify(user)
    with django_assert_num_queries(2):  # what they have chosen, the row
        notify(user)
    with django_assert_num_queries(3):  # what they have chosen, the row, its number
        notify(user, key="k")
    with django_assert_num_queries(3):  # what they have chosen, the row, that which was there
        notify(user, key="k")
    with transaction.atomic(), django_assert_num_queries(4):  # and SAVEPOINT, RELEASE
        notify(user)


@pytest.mark.parametrize(
    "given",
    [
        {"message": "\x00"},
        {"message": None},
        {"message": "\ud800"},
        {"message": "\\\x00"},
        {"body": "\x00"},
        {"data": {"x": "\x00"}},
        {"data": {"\x00": "x"}},
        {"data": {"x": [{"y": "\\\\\x00"}]}},
        {"data": {"x": float("nan")}},
        {"data": {"x": object()}},
        {"data": {"x": "\ud800"}},
        {"data": [1]},
        {"url": "http://"},
        {"url": "/a\nb"},
        {"url": "//evil.example"},
        {"key": "\x00"},
    ],
    ids=repr,
)
def test_what_cannot_be_stored_or_shown_is_a_value_error(
    rings: Rings, user: User, given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is the type
        notify(user, **given)
    assert seqs(user) == []


@pytest.mark.parametrize("spelled", ["\\u0000", "\\\\u0000", "C:\\u0000\\x"])
def test_a_text_that_spells_the_escape_of_nul_is_a_text_like_any_other(
    rings: Rings, user: User, spelled: str
) -> None:
    row = notify(user, message=spelled, body=spelled, data={spelled: [spelled]})
    row.refresh_from_db()
    assert (row.message, row.body, row.data) == (spelled, spelled, {spelled: [spelled]})


def test_names_of_the_world_fit_into_data(rings: Rings, user: User) -> None:
    row = notify(user, kind="login", data={"name": "Zoë 李 \U0001f514"})
    row.refresh_from_db()
    assert row.data == {"name": "Zoë 李 \U0001f514"}


@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("ahead", [1, 40])
def test_a_row_saved_past_the_gate_stops_no_later_notification(
    rings: Rings, user: User, other: User, ahead: int, inside: bool, key: str | None
) -> None:
    notify(user)
    insert_by_sql(user, 1 + ahead)
    insert_by_sql(user, 2 + ahead)
    with transaction.atomic() if inside else nullcontext():
        rows = [notify(user, key=key and f"{key} {number}") for number in range(45)]
    assert len({row.seq for row in rows}) == 45
    assert seqs(user)[-1] == rows[-1].seq == Inbox.objects.get(pk=user.pk).last_seq
    assert len(seqs(user)) == 48
    assert [row.seq for row in rows] == sorted(row.seq or 0 for row in rows)
    assert len(rings.rung()) == 46
    assert notify(other).seq == 1


def test_a_row_made_by_the_orm_is_counted(rings: Rings, user: User) -> None:
    """However far ahead: a socket that has shown it would take what is counted below it for shown."""
    Notification.objects.create(recipient=user, seq=40)
    assert notify(user).seq == 41
    Notification.objects.bulk_create([Notification(recipient=user, seq=seq) for seq in (60, 50)])
    assert notify(user).seq == 61
    row = Notification.objects.get(recipient=user, seq=50)
    row.save()
    assert Inbox.objects.get(pk=user.pk).last_seq == 61


def test_a_seq_further_than_a_browser_counts_is_refused_and_never_counted(
    rings: Rings, user: User
) -> None:
    notify(user)
    with pytest.raises(ValueError, match="seq 9007199254740992: more than a browser counts"):
        Notification.objects.create(recipient=user, seq=2**53)
    with pytest.raises(ValueError, match="seq"):
        Notification.objects.bulk_create([Notification(recipient=user, seq=2**63 - 1)])
    insert_by_sql(user, 2**63 - 1)
    insert_by_sql(user, 2)
    assert [notify(user).seq, notify(user).seq] == [3, 4]


def test_what_one_saves_past_the_gate_just_now_is_met_and_counted(rings: Rings, user: User) -> None:
    notify(user)
    with transaction.atomic():
        insert_by_sql(user, 2)
        late = in_thread(notify, user)
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE).seq == 3


def insert_by_sql(user: User, seq: int) -> None:
    """A row of which no inbox knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bellhop_notification (id, recipient_id, seq, kind, message, body, url, data, created, rev,"
            " request_id) VALUES (gen_random_uuid(), %s, %s, 'message', '', '', '', '{}', now(), 0, '')",
            [user.pk, seq],
        )


@pytest.mark.parametrize("key", [None, "k"])
def test_who_has_been_deleted_gets_a_value_error_and_the_callers_transaction_goes_on(
    rings: Rings, user: User, other: User, key: str | None
) -> None:
    gone = User.objects.get(pk=user.pk)
    user.delete()
    with transaction.atomic():
        with pytest.raises(ValueError, match=f"there is no user {gone.pk}"):
            notify(gone, "hi", key=key)
        row = notify(other, "hi", key=key)
    assert row.seq == 1
    assert not Inbox.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("key", [None, "k"])
@pytest.mark.parametrize("inside", [False, True])
def test_who_is_deleted_just_now_gets_a_value_error_and_nobody_elses_is_lost(
    rings: Rings, user: User, other: User, inside: bool, key: str | None
) -> None:
    notify(user)
    gone = User.objects.get(pk=user.pk)

    def tell_both() -> int | None:
        with transaction.atomic() if inside else nullcontext():
            with pytest.raises(ValueError, match="there is no user"):
                notify(gone, "hi", key=key)
            row = notify(other, "hi", key=key)
        return row.seq

    with transaction.atomic():
        user.delete()
        late = in_thread(tell_both)
        until(somebody_waits_for_a_lock)
    assert late.result(PATIENCE) == 1
    assert not Inbox.objects.filter(pk=gone.pk).exists()


def test_an_error_of_the_database_leaves_the_callers_transaction_usable(
    rings: Rings, user: User, other: User
) -> None:
    """Somebody saves the same key just now, and takes too long for it."""

    def fails_and_goes_on() -> int | None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(OperationalError):
                notify(user, "hi", key="k")
            row = notify(other, "hi", key="k")
        return row.seq

    with transaction.atomic():
        notify(user, "first", key="k")
        assert in_thread(fails_and_goes_on).result(PATIENCE) == 1
    assert (seqs(user), seqs(other)) == ([1], [1])
