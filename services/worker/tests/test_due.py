"""The worker looks after what is due from its start to its end, and its health says where it cannot."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from celery import signals
from celery.contrib.testing.worker import start_worker
from celery.utils.timer2 import Timer
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop.due import loop as loops
from bellhop.due.loop import Loop, loop
from bellhop.due.runner import Runner
from bellhop.models import Notification
from config.celery import app
from core import heartbeat
from core.heartbeat import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30.0


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def expire_one(user: User) -> None:
    seq = Notification.objects.count() + 1
    Notification.objects.create(
        recipient=user, seq=seq, message="x", expires_at=timezone.now() - timedelta(seconds=1)
    )


@pytest.fixture(autouse=True)
def quick(settings: Any) -> Iterator[None]:
    settings.BELLHOP = settings.BELLHOP | {"WORK_SECONDS": 0.02}
    yield
    loop.stop()
    assert loop.join(PATIENCE)


def test_a_worker_looks_after_what_is_due_until_it_ends(user: User) -> None:
    with start_worker(
        app, pool="threads", concurrency=1, perform_ping_check=False, shutdown_timeout=30
    ):
        for _ in range(2):
            expire_one(user)
            until(lambda: not Notification.objects.exists())
    until(lambda: "bellhop-due" not in [thread.name for thread in threading.enumerate()])
    expire_one(user)
    signals.worker_init.send(sender=Mock(app=app))
    until(lambda: not Notification.objects.exists())
    signals.worker_shutting_down.send(sender=None, sig="TERM", how="Warm", exitcode=0)
    assert loop.join(PATIENCE)


def test_whatever_fails_is_told_once_and_the_loop_goes_on(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Exception] = []

    def fail(self: Any) -> Any:
        error = OperationalError("gone") if len(tried) < 5 else ValueError("nobody expects it")
        tried.append(error)
        raise error

    one = Loop()
    with capture_logs() as lines:
        with monkeypatch.context() as patched:
            patched.setattr(Runner, "run_once", fail)
            one.start()
            until(lambda: len(tried) > 10)
        expire_one(user)
        until(lambda: not Notification.objects.exists())
        one.stop()
        assert one.join(PATIENCE)
    events = [line["event"] for line in lines if line["event"].startswith("due_")]
    assert [event for event in events if event != "due_done"] == [
        "due_started", "due_lost_database", "due_failed",
        "due_found_database", "due_works_again", "due_stopped",
    ]  # fmt: skip


def test_a_fork_waits_for_the_batch_and_finds_no_connection_to_share(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "PATIENCE", PATIENCE)
    one = Loop()
    one.start()
    expire_one(user)
    until(lambda: not Notification.objects.exists() and one._wrapper is not None)
    wrapper = one._wrapper
    one.before_fork()
    try:
        assert wrapper.connection is None
        expire_one(user)
        assert one._round.locked()
    finally:
        one.after_fork()
    until(lambda: not Notification.objects.exists())
    one.stop()
    assert one.join(PATIENCE)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "heartbeat"
    monkeypatch.setattr(heartbeat, "FILE", path)
    return path


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_hangs_or_has_ended_makes_the_worker_unhealthy(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, free = Loop(), threading.Event()
    monkeypatch.setattr(heartbeat, "loop", one)
    monkeypatch.setattr(heartbeat, "SECONDS", 0.05)
    monkeypatch.setattr(loops, "SILENT", 0.2)
    timer = Timer()
    pool = SimpleNamespace(apply_async=lambda function, callback: function())
    parent = SimpleNamespace(timer=timer, pool=pool)
    step = Heartbeat(parent)
    step.start(parent)
    assert (one.trouble, file.read_text()) == ("", "")
    with monkeypatch.context() as patched:
        patched.setattr(Runner, "run_once", lambda _: free.wait(PATIENCE))
        one.start()
        until(lambda: file.read_text().startswith("due: no round for"))
        free.set()
    until(lambda: file.read_text() == "")
    with monkeypatch.context() as patched:
        patched.setattr(one, "_run_once", sys.exit)
        until(lambda: file.read_text() == "due: its thread has ended\n")
    one.start()
    until(lambda: file.read_text() == "")
    one.stop()
    assert one.join(PATIENCE)
    assert one.trouble == ""
    step.stop(parent)
    timer.stop()
