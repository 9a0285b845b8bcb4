"""The tasks: from a real row, over the real layer, to whoever is in the recipient's group."""

import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from structlog.testing import capture_logs

from bellhop import contract, frame_from_row, tasks
from bellhop.contract import user_group
from bellhop.models import Inbox, Notification
from bellhop.recall import withdraw
from bellhop.ring.channel_layer import DoorbellLayer, get_channel_layer
from config.celery import app
from core import tasks as core_tasks
from core.tasks import send_login_notification
from stack import task_names
from tests.subscriber import Subscriber

pytestmark = pytest.mark.django_db


def save(user: User, **columns: Any) -> Notification:
    return Notification.objects.create(recipient=user, **{"seq": 1, **columns})


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """A layer whose Redis is away."""
    layer = DoorbellLayer(f"redis://127.0.0.1:{closed_port}")
    monkeypatch.setattr(tasks, "get_channel_layer", lambda: layer)


def test_a_login_is_composed_from_its_row_and_heard_by_its_user_only(
    user: User, other: User
) -> None:
    data = {"name": "Ada", "address": "192.0.2.7", "device": "Firefox on Windows"}
    row = save(user, kind="login", data=data, request_id="req-1")
    with Subscriber(user_group(user.pk)) as mine, Subscriber(user_group(other.pk)) as theirs:
        send_login_notification(str(row.pk))
        assert mine.settle() == [
            {
                "type": "send.notification",
                "notification": frame_from_row.frame(row),
                "request_id": "req-1",
            }
        ]
        assert theirs.settle() == []
    assert frame_from_row.frame(row)["message"] == "Welcome back, Ada"


def test_any_other_kind_is_rung_the_same_way(user: User) -> None:
    row = save(user, message="Paid", data={"n": [1, None, "x"]}, url="/orders/7")
    with Subscriber(user_group(user.pk)) as mine:
        tasks.ring(str(row.pk))
        (event,) = mine.settle()
    assert event["notification"] == frame_from_row.frame(Notification.objects.get(pk=row.pk))


def test_a_task_run_twice_rings_twice_the_same(user: User) -> None:
    row = save(user)
    with Subscriber(user_group(user.pk)) as mine:
        tasks.ring(str(row.pk))
        tasks.ring(str(row.pk))
        first, second = mine.settle()
    assert first == second


def test_a_ring_is_what_the_row_says_now(user: User) -> None:
    row = save(user, message="before")
    Notification.objects.filter(pk=row.pk).update(message="after")
    with Subscriber(user_group(user.pk)) as mine:
        tasks.ring(str(row.pk))
        (event,) = mine.settle()
    assert event["notification"]["message"] == "after"


@pytest.mark.parametrize("task", [tasks.ring, send_login_notification])
def test_a_row_that_was_withdrawn_before_its_ring_is_a_quiet_line(user: User, task: Any) -> None:
    row = save(user)
    assert withdraw(row) == 1
    with capture_logs() as lines:
        task(str(row.pk))
    assert [(line["event"], line["log_level"]) for line in lines] == [("notification_gone", "info")]


@pytest.mark.parametrize("task", [tasks.ring, send_login_notification])
@pytest.mark.parametrize("garbage", ["garbage", "", "'; DROP TABLE x", None, 7])
def test_an_id_of_no_row_is_one_line_in_the_log_and_no_error(task: Any, garbage: Any) -> None:
    with capture_logs() as lines:
        task(garbage)
    assert [line["event"] for line in lines] == ["notification_unknown"]


def test_many_are_rung_each_at_its_own_user(user: User, other: User) -> None:
    mine, theirs = save(user, message="mine"), save(other, message="theirs")
    with Subscriber(user_group(user.pk)) as here, Subscriber(user_group(other.pk)) as there:
        with capture_logs() as lines:
            tasks.ring_many([str(theirs.pk), "garbage", str(uuid.uuid4()), str(mine.pk)])
        assert [event["notification"] for event in here.settle()] == [frame_from_row.frame(mine)]
        assert [event["notification"] for event in there.settle()] == [frame_from_row.frame(theirs)]
    assert sorted(line["event"] for line in lines) == [
        "notification_gone", "notification_unknown", "notifications_rung",
    ]  # fmt: skip
    assert sorted(lines[-1]["ids"].split()) == sorted([str(mine.pk), str(theirs.pk)])


def test_what_different_requests_caused_is_logged_with_each_ones_own(user: User) -> None:
    rows = [save(user, seq=seq, request_id=caused) for seq, caused in enumerate("aba", start=1)]
    with capture_logs() as lines:
        tasks.ring_many([str(row.pk) for row in rows])
    told = [(line["request_id"], line.get("id") or line["ids"]) for line in lines]
    assert told == [("a", f"{rows[0].pk} {rows[2].pk}"), ("b", str(rows[1].pk))]


def test_changes_tell_the_users_sockets_the_latest_rev(user: User, other: User) -> None:
    Inbox.objects.create(user=user, rev=7)
    with Subscriber(user_group(user.pk)) as mine, Subscriber(user_group(other.pk)) as theirs:
        tasks.ring_changes(user.pk)
        assert mine.settle() == [{"type": "send.changes", "rev": 7}]
        assert theirs.settle() == []


def test_changes_of_who_has_no_inbox_are_rev_0(user: User) -> None:
    with Subscriber(user_group(user.pk)) as mine:
        tasks.ring_changes(user.pk)
        assert mine.settle() == [{"type": "send.changes", "rev": 0}]


@pytest.mark.usefixtures("nowhere")
def test_without_redis_a_ring_is_one_warning_and_no_error(user: User) -> None:
    row = save(user)
    started = time.monotonic()
    with capture_logs() as lines:
        tasks.ring(str(row.pk))
        tasks.ring_changes(user.pk)
    assert [(line["event"], line["user"]) for line in lines] == [("ring_lost", str(user.pk))] * 2
    assert time.monotonic() - started < 15


def test_a_ring_that_was_sent_is_one_line_with_id_user_and_seq(user: User) -> None:
    row = save(user, seq=3)
    with capture_logs() as lines:
        tasks.ring(str(row.pk))
    (line,) = lines
    assert (line["event"], line["id"], line["user"], line["seq"]) == (
        "notification_rung", str(row.pk), user.pk, 3,
    )  # fmt: skip


def test_a_ring_costs_one_query(user: User, django_assert_num_queries: Any) -> None:
    row = save(user)
    with django_assert_num_queries(1):
        tasks.ring(str(row.pk))
    with django_assert_num_queries(1):
        tasks.ring_changes(user.pk)
    rows = [row, *(save(user, seq=seq) for seq in range(2, 9))]
    with django_assert_num_queries(1):
        tasks.ring_many([str(row.pk) for row in rows])


def test_a_worker_that_rings_often_keeps_no_loop_and_no_connection(user: User) -> None:
    row = save(user)
    for _ in range(20):
        tasks.ring(str(row.pk))
    layer: Any = get_channel_layer()
    assert layer._layers == {}


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (send_login_notification, task_names.SEND_LOGIN_NOTIFICATION),
        (core_tasks.ring, "core.tasks.ring"),
        (core_tasks.ring_many, "core.tasks.ring_many"),
        (core_tasks.ring_changes, "core.tasks.ring_changes"),
        (core_tasks.check_logins, task_names.CHECK_LOGINS),
        (tasks.ring, contract.RING),
        (tasks.ring_many, contract.RING_MANY),
        (tasks.ring_changes, contract.RING_CHANGES),
        (tasks.check_logins, contract.CHECK_LOGINS),
    ],
)
def test_tasks_have_the_names_that_web_publishes(task: Any, name: str) -> None:
    assert task.name == name
    assert app.tasks[name] is app.tasks[task.name]


def test_a_database_that_is_away_is_waited_for() -> None:
    for name in (
        task_names.SEND_LOGIN_NOTIFICATION,
        *(f"{task_names.TASKS}.{name}" for name in ("ring", "ring_many", "ring_changes")),
        contract.RING,
        contract.RING_MANY,
        contract.RING_CHANGES,
    ):
        task: Any = app.tasks[name]
        assert OperationalError in task.autoretry_for
        assert task.max_retries == 5
        # No traceback when it has been waited for in vain.
        assert OperationalError in task.throws


@pytest.fixture
def composing_fails_for(monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    """Ids of rows that cannot be composed, however that comes about."""
    bad: set[Any] = set()
    frame = frame_from_row.frame

    def fails(row: Notification) -> Any:
        if row.pk in bad:
            raise OverflowError("Integer value out of range")
        return frame(row)

    monkeypatch.setattr(frame_from_row, "frame", fails)
    return bad


def test_one_bad_row_costs_nobody_else_a_ring_and_is_named_once(
    user: User, other: User, composing_fails_for: set[Any]
) -> None:
    bad = save(other)
    composing_fails_for.add(bad.pk)
    mine = [save(user, seq=seq) for seq in range(1, 8)]
    ids = [str(row.pk) for row in (*mine[:3], bad, *mine[3:])]
    with Subscriber(user_group(user.pk)) as here, Subscriber(user_group(other.pk)) as there:
        with capture_logs() as lines:
            tasks.ring_many(ids)
        heard = [event["notification"]["seq"] for event in here.settle()]
        assert sorted(heard) == list(range(1, 8))
        assert there.settle() == []
    (line,) = [line for line in lines if line["event"] == "notification_unsendable"]
    assert (line["id"], line["log_level"]) == (str(bad.pk), "error")
    assert "Integer value out of range" in line["error"]


@pytest.mark.parametrize("task", [tasks.ring, send_login_notification])
def test_a_bad_row_alone_is_one_line_and_no_error(
    user: User, composing_fails_for: set[Any], task: Any
) -> None:
    bad = save(user)
    composing_fails_for.add(bad.pk)
    with capture_logs() as lines:
        task(str(bad.pk))
    assert [(line["event"], line["id"]) for line in lines] == [
        ("notification_unsendable", str(bad.pk))
    ]


def test_a_row_that_no_wire_carries_is_rung_with_the_others_as_far_as_it_goes(
    user: User, other: User
) -> None:
    bad = save(other, message="x" * 10**6, data={"n": 2**64, "m": float(2**70)})
    mine = save(user)
    with Subscriber(user_group(user.pk)) as here, Subscriber(user_group(other.pk)) as there:
        tasks.ring_many([str(bad.pk), str(mine.pk)])
        assert len(here.settle()) == 1
        (event,) = there.settle()
    assert event["notification"]["data"] == {"n": str(2**64), "m": float(2**70)}
    assert event["notification"]["message"].endswith("…")


def test_a_database_that_is_away_is_tried_again_and_not_taken_for_bad_rows(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def away(*_: Any) -> Any:
        calls.append(1)
        raise OperationalError("the database is away")

    monkeypatch.setattr(tasks, "_send_together", away)
    with pytest.raises(OperationalError):
        tasks.send([str(uuid.uuid4()), str(uuid.uuid4())])
    assert len(calls) == 1


def test_a_row_that_cannot_even_be_read_costs_nobody_else_a_ring(user: User, other: User) -> None:
    bad, mine = save(other), save(user)
    with connection.cursor() as cursor:
        # PostgreSQL has such a time, and Python none.
        cursor.execute(
            "UPDATE bellhop_notification SET created = 'infinity' WHERE id = %s", [bad.pk]
        )
    with Subscriber(user_group(user.pk)) as here, capture_logs() as lines:
        tasks.ring_many([str(bad.pk), str(mine.pk)])
        assert len(here.settle()) == 1
    assert [line["id"] for line in lines if line["event"] == "notification_unsendable"] == [
        str(bad.pk)
    ]
