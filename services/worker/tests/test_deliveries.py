"""A real worker on the real Redis: what comes too late or too often is dropped, and no key is outside of its prefix."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from celery.signals import task_revoked
from django.conf import settings
from django.contrib.auth.models import User
from redis import Redis
from structlog.testing import capture_logs

from bellhop import contract
from bellhop.contract import user_group
from bellhop.ring import ways
from bellhop.ring.publish_thread import Doorbell
from config.celery import app
from core import backlog, deliveries, life
from core.deliveries import CountedTask
from stack import celery_app, task_names
from tests.conftest import DATABASE
from tests.subscriber import Subscriber

PATIENCE = 30.0
QUEUE = f"{settings.REDIS_PREFIX}{task_names.RING_QUEUE}"
ran: list[str] = []


@app.task(name="tests.note", base=CountedTask)
def note(what: str) -> None:
    ran.append(what)


@pytest.fixture
def redis() -> Iterator[Any]:
    client = Redis.from_url(settings.BROKER_URL)
    ran.clear()
    yield client
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}*"):
        client.delete(key)
    client.close()


@pytest.fixture
def worker(redis: Any) -> Iterator[None]:
    with start_worker(
        app, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=30
    ):
        yield


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_what_a_night_without_a_worker_left_is_dropped_and_the_live_ring_comes_at_once(
    redis: Any, request: pytest.FixtureRequest
) -> None:
    note.apply_async(("old",), expires=0.001)
    redis.lpush(QUEUE, *redis.lrange(QUEUE, 0, 0) * 20_000)
    note.delay("live")
    one_by_one = 0

    def count(expired: bool = False, **_: Any) -> None:
        nonlocal one_by_one
        one_by_one += expired

    task_revoked.connect(count)
    with capture_logs() as lines:
        started = time.monotonic()
        request.getfixturevalue("worker")
        until(lambda: ran)
        # Who drops them says so afterwards.
        until(lambda: any(line["event"] == "rings_expired" for line in lines))
        lasted = time.monotonic() - started
    assert ran == ["live"]
    assert redis.llen(QUEUE) == 0
    # All of them that way would be half a minute.
    assert one_by_one < 10_000
    said = [line for line in lines if line["event"] == "rings_expired"]
    assert 1 <= len(said) <= 2 + lasted / deliveries.QUIET, "not one for each"


def test_what_has_not_expired_or_is_no_task_of_celerys_stays_where_it_is(redis: Any) -> None:
    for what in ("without", "in time"):
        note.apply_async((what,), **({} if what == "without" else {"expires": 60}))  # type: ignore[arg-type]
        assert backlog.drop_expired() == 0
        assert redis.llen(QUEUE) == 1
        redis.delete(QUEUE)
    for odd in ("no json", "[]", "{}", '{"headers": 7}', '{"headers": {"expires": 7}}', "null"):
        redis.lpush(QUEUE, odd)
        assert backlog.drop_expired() == 0
        redis.delete(QUEUE)
    for number in range(3):
        note.apply_async((number,), expires=0.001)
    note.delay("live")
    note.apply_async(("expired behind it",), expires=0.001)
    assert backlog.drop_expired() == 3
    assert redis.llen(QUEUE) == 2


def test_a_ring_and_its_retries_carry_the_time_after_which_nobody_runs_them() -> None:
    sent: list[Any] = []
    bell = Doorbell(ways.send)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            type(app),
            "send_task",
            lambda *args, **options: sent.append(options),
        )
        assert bell.ring("somebody.elses.task", 1)
        assert bell.flush(PATIENCE)
    assert [options["expires"] for options in sent] == [contract.RING_EXPIRES]
    # What anybody sends by `.delay()` himself, as the founding text does.
    rings = [task for name, task in app.tasks.items() if name.startswith("core.tasks.")]
    assert len(rings) == 5
    assert {task.expires for task in rings} == {contract.RING_EXPIRES}
    # Celery gives the retry of a task the first one's time.
    task = rings[0]
    task.push_request(id="x", expires="2026-01-01T00:00:00+00:00")
    try:
        again = task.signature_from_request(task.request, args=(1,), kwargs={}, retries=1)
    finally:
        task.pop_request()
    assert again.options["expires"] == "2026-01-01T00:00:00+00:00"


def deliver_again(redis: Any, what: str, times: int) -> None:
    """Put a task into the queue as it comes back when the worker that had it is gone."""
    note.delay(what)
    (raw,) = redis.lrange(QUEUE, 0, -1)
    redis.delete(QUEUE)
    message = json.loads(raw)
    for _ in range(times):
        # A tag of its own, as each delivery has.
        message["properties"]["delivery_tag"] = uuid.uuid4().hex
        message["properties"]["delivery_info"]["redelivered"] = True
        redis.lpush(QUEUE, json.dumps(message))


def test_a_task_that_comes_back_a_third_time_is_given_up_and_told_once(
    redis: Any, request: pytest.FixtureRequest
) -> None:
    deliver_again(redis, "deadly", 3)
    note.delay("harmless")
    with capture_logs() as lines:
        request.getfixturevalue("worker")
        until(lambda: len(ran) >= 3)
        until(lambda: any(line["event"] == "task_given_up" for line in lines))
        until(lambda: not redis.hlen(f"{settings.REDIS_PREFIX}unacked"))
    # Its first delivery, before these, made three.
    assert sorted(ran) == ["deadly", "deadly", "harmless"]
    assert sum(line["event"] == "task_given_up" for line in lines) == 1
    assert redis.llen(QUEUE) == 0


def test_who_cannot_count_deliveries_runs_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(task_id: str) -> int:
        raise ConnectionError("refused")

    monkeypatch.setattr(life, "count_delivery", away)
    ran.clear()
    note.push_request(id="x", delivery_info={"redelivered": True})
    try:
        note("counted by nobody")
    finally:
        note.pop_request()
    assert ran == ["counted by nobody"]


def test_expired_tasks_are_counted_between_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("core.deliveries.time", SimpleNamespace(monotonic=lambda: now))
    expiry = deliveries.ExpiryLog()
    with capture_logs() as lines:
        for _ in range(5):
            expiry.note()
        now = deliveries.QUIET
        expiry.note()
    assert [line["count"] for line in lines] == [1, 5]


class Monitor:
    """Everything that is done to these tests' database of Redis from `with` until its end."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        self._commands: list[list[str]] = []
        self._watching = threading.Event()
        self._end = f"end {uuid.uuid4().hex}"

    def __enter__(self) -> "Monitor":
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._watching.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._redis.echo(self._end)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        with self._redis.monitor() as monitor:
            self._watching.set()
            for seen in monitor.listen():
                if self._end in seen["command"]:
                    return
                if seen["client_type"] != "lua" and int(seen["db"]) == DATABASE:
                    self._commands.append(seen["command"].split(" "))

    def names(self) -> set[str]:
        """Return every key and channel that was named."""
        found: set[str] = set()
        for name, *words in self._commands:
            command = name.upper()
            if command == "PUBLISH":
                found.add(words[0])
            elif command in ("SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE"):
                found.update(words)
            elif command not in _WITHOUT_KEYS:
                keys = self._redis.command_getkeys(name, *words)
                found.update(map(str, keys))
        return found


_WITHOUT_KEYS = frozenset(
    [
        "AUTH",
        "CLIENT",
        "COMMAND",
        "DISCARD",
        "ECHO",
        "EXEC",
        "HELLO",
        "INFO",
        "MONITOR",
        "MULTI",
        "PING",
        "SCAN",
        "SCRIPT",
        "SELECT",
        "TIME",
        "UNWATCH",
    ]
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_no_key_and_no_channel_of_a_worker_lies_outside_of_its_installation(
    redis: Any, user: User
) -> None:
    with Monitor(redis) as monitor, Subscriber(user_group(user.pk)) as mine:
        bell = Doorbell(ways.send)
        for task, argument in (
            (contract.CHECK_LOGINS, user.pk),
            (contract.RING_CHANGES, user.pk),
            (contract.RING, str(uuid.uuid4())),
        ):
            bell.ring(task, argument)
        bell.flush(PATIENCE)
        heard: list[str] = []

        def both() -> bool:
            heard.extend(event["type"] for event in mine.settle())
            return len(heard) == 2

        until(both)
        assert life.count_delivery("x") == 2
        # A remote control: what `celery inspect` sends.
        app.control.ping(timeout=0.5)
        until(lambda: redis.exists(f"{settings.REDIS_PREFIX}{task_names.WORKER_SIGN}"))
    names = monitor.names()
    assert len(names) > 8, names
    assert {name for name in names if not name.startswith(settings.REDIS_PREFIX)} == set()


def test_a_ring_of_one_installation_is_taken_by_no_worker_of_another(redis: Any) -> None:
    """On one Redis, at the same database number."""
    prefix = f"another-{uuid.uuid4().hex}."
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "REDIS_PREFIX", prefix)
        stranger = celery_app.celery_app("another")
    app.set_default()
    stranger.send_task("tests.note", ("foreign",))
    note.delay("ours")
    with start_worker(
        app, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=30
    ):
        until(lambda: ran)
    assert ran == ["ours"]
    assert redis.llen(f"{prefix}{task_names.RING_QUEUE}") == 1
    for key in redis.scan_iter(f"{prefix}*"):
        redis.delete(key)
