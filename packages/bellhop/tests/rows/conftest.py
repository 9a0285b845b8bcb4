"""PostgreSQL, Redis, and a doorbell of each test's own that rings into a Redis database of its own."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from django.utils import timezone
from ports import closed_port, silent_port  # noqa: F401 - fixtures
from redis import Redis
from structlog.testing import capture_logs

from bellhop import contract, logs
from bellhop.kinds import Kind, registry
from bellhop.ring import publish_thread, ways
from bellhop.ring.publish_thread import Doorbell
from bellhop.saving import moments
from stack import task_names
from stack.celery_app import celery_app

# The pool's idle connections would keep the test database from being dropped at the end ("is being
# accessed by other users"); without it every thread of a test closes its own.
database: Any = live_settings.DATABASES["default"]
# Of its own: the parts are tested beside each other.
database.setdefault("TEST", {})["NAME"] = os.environ.get("TEST_DATABASE", "test_bellhop")
database["OPTIONS"].pop("pool")
# Making and dropping that database may take longer than any request, and so may connecting on a busy machine.
database["OPTIONS"].pop("options")
database["OPTIONS"]["connect_timeout"] = 30
live_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# As this stack does; without it the package's lines go to the standard library (frames/test_logs.py).
structlog.configure()

# A worker of the same Redis listens on the broker's own number and must not hear these tests.
TEST_BROKER = urlsplit(live_settings.BROKER_URL)._replace(path="/12").geturl()
PATIENT = ("socket_timeout", "socket_connect_timeout", "connect_retries_timeout")


class Rings:
    """What a worker would find in its queue."""

    def __init__(self) -> None:
        self._redis = Redis.from_url(TEST_BROKER)
        self._redis.flushdb()

    def heard(self) -> list[tuple[str, list[Any]]]:
        """Return task name and arguments of every ring so far, oldest first."""
        assert publish_thread.flush(60)
        waiting: Any = self._redis.lrange(
            f"{live_settings.REDIS_PREFIX}{task_names.RING_QUEUE}", 0, -1
        )
        messages = [json.loads(text) for text in reversed(waiting)]
        return [
            (_plain(message["headers"]["task"]), json.loads(base64.b64decode(message["body"]))[0])
            for message in messages
        ]

    def rung(self) -> list[str]:
        """Return the ids of notifications that were rung, however many of them a task names."""
        given = [argument for _, arguments in self.heard() for argument in arguments]
        return [identity for ids in given for identity in (ids if isinstance(ids, list) else [ids])]

    def close(self) -> None:
        self._redis.flushdb()
        self._redis.close()


def _plain(task: str) -> str:
    """Return the package's own name of a task: this stack's begin otherwise."""
    if task == task_names.SEND_LOGIN_NOTIFICATION:
        return task
    return task.replace(task_names.TASKS, contract.TASKS, 1)


def hang_up_doorbell(monkeypatch: pytest.MonkeyPatch) -> Doorbell:
    """Hang up a new doorbell, which has not failed yet, in place of the process's own."""
    bell = Doorbell(ways.send)
    for name, value in (
        ("_doorbell", bell),
        ("ring", bell.ring),
        ("ring_saved", bell.ring_saved),
        ("ring_changes", bell.ring_changes),
        ("flush", bell.flush),
    ):
        monkeypatch.setattr(publish_thread, name, value)
    return bell


@pytest.fixture
def rings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rings]:
    settings.BROKER_URL = TEST_BROKER
    # What the process's own doorbells were given before must not be heard in this test.
    for bell in (publish_thread._doorbell, publish_thread._kicks):
        bell.flush(30)
    hang_up_doorbell(monkeypatch)
    app = celery_app("ut")
    # A Redis that is slow is not lost: for seconds afterwards nothing would be rung.
    app.conf.broker_transport_options |= dict.fromkeys(PATIENT, 20)
    with closing(Rings()) as heard:
        yield heard
        # What this test has rung must not be heard in the next one.
        publish_thread.flush(30)
    app.close()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ada", "ada@example.com", "pw")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("eve", "eve@example.com", "pw")


class Kinds:
    """Declares kinds for one test."""

    def __call__(self, *kinds: Kind) -> None:
        for kind in kinds:
            registry.register(kind)

    def forget(self, name: str) -> None:
        """Let the kind be gone, as after a release that no longer declares it."""
        del registry._kinds[name]


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Kinds:
    """What a test declares is forgotten after it."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_clashes", list(registry._clashes))
    return Kinds()


class Clock:
    """The time, as Django has it: it stands until a test sets or moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, **by: float) -> None:
        """Move it by so many `seconds`, `minutes`…; back, where that is below zero."""
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(datetime(2026, 11, 27, 12, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    # What is saved in a transaction never comes before what was saved in one earlier.
    monkeypatch.setattr(moments, "_last", datetime.min.replace(tzinfo=UTC))
    return clock


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The lines of the log, also those that were said a moment ago in another test."""
    monkeypatch.setattr(logs, "_said", {})
    with capture_logs() as found:
        yield found
