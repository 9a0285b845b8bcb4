"""The tasks: from a real row, over the real layer, to whoever is in the recipient's group."""

import time
import uuid
from typing import Any

import pytest
from channels.layers import channel_layers
from django.contrib.auth.models import User
from django.db import OperationalError
from structlog.testing import capture_logs

from bellhop import compose, contract
from bellhop.contract import user_group
from bellhop.layer import DoorbellLayer
from bellhop.models import Inbox, Notification
from config.celery import app
from core import tasks
from tests.subscriber import Subscriber

pytestmark = pytest.mark.django_db


def save(user: User, **columns: Any) -> Notification:
    return Notification.objects.create(recipient=user, **{"seq": 1, **columns})


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """A layer whose Redis is away."""
    layer = DoorbellLayer(f"redis://127.0.0.1:{closed_port}")
    monkeypatch.setitem(channel_layers.backends, "default", layer)


def test_a_login_is_composed_from_its_row_and_heard_by_its_user_only(
    user: User, other: User
) -> None:
    data = {"name": "Ada", "address": "192.0.2.7", "device": "Firefox on Windows"}
    row = save(user, kind="login", data=data, request_id="req-1")
    with Subscriber(user_group(user.pk)) as mine, Subscriber(user_group(other.pk)) as theirs:
        tasks.send_login_notification(str(row.pk))
        assert mine.settle() == [
            {
                "type": "send.notification",
                "notification": compose.frame(row),
                "request_id": "req-1",
            }
        ]
        assert theirs.settle() == []
    assert compose.frame(row)["message"] == "Welcome back, Ada"


def test_any_other_kind_is_rung_the_same_way(user: User) -> None:
    row = save(user, message="Paid", data={"n": [1, None, "x"]}, url="/orders/7")
    with Subscriber(user_group(user.pk)) as mine:
        tasks.ring(str(row.pk))
        (event,) = mine.settle()
    assert event["notification"] == compose.frame(Notification.objects.get(pk=row.pk))


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


@pytest.mark.parametrize("task", [tasks.ring, tasks.send_login_notification])
@pytest.mark.parametrize("garbage", [str(uuid.uuid4()), "garbage", "", "'; DROP TABLE x", None, 7])
def test_an_id_of_no_row_is_one_line_in_the_log_and_no_error(task: Any, garbage: Any) -> None:
    with capture_logs() as lines:
        task(garbage)
    assert [line["event"] for line in lines] == ["notification_unknown"]


def test_many_are_rung_each_at_its_own_user(user: User, other: User) -> None:
    mine, theirs = save(user, message="mine"), save(other, message="theirs")
    with Subscriber(user_group(user.pk)) as here, Subscriber(user_group(other.pk)) as there:
        with capture_logs() as lines:
            tasks.ring_many([str(theirs.pk), "garbage", str(uuid.uuid4()), str(mine.pk)])
        assert [event["notification"] for event in here.settle()] == [compose.frame(mine)]
        assert [event["notification"] for event in there.settle()] == [compose.frame(theirs)]
    assert sorted(line["event"] for line in lines) == [
        "notification_unknown", "notification_unknown", "notifications_rung",
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
    assert [(line["event"], line["user"]) for line in lines] == [("ring_lost", user.pk)] * 2
    assert time.monotonic() - started < 5


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
    assert channel_layers["default"]._layers == {}


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (tasks.send_login_notification, contract.SEND_LOGIN_NOTIFICATION),
        (tasks.ring, contract.RING),
        (tasks.ring_many, contract.RING_MANY),
        (tasks.ring_changes, contract.RING_CHANGES),
    ],
)
def test_tasks_have_the_names_that_web_publishes(task: Any, name: str) -> None:
    assert task.name == name
    assert app.tasks[name] is app.tasks[task.name]


def test_a_database_that_is_away_is_waited_for() -> None:
    for name in (
        contract.SEND_LOGIN_NOTIFICATION,
        contract.RING,
        contract.RING_MANY,
        contract.RING_CHANGES,
    ):
        task: Any = app.tasks[name]
        assert OperationalError in task.autoretry_for
        assert task.max_retries == 5
        # No traceback when it has been waited for in vain.
        assert OperationalError in task.throws
