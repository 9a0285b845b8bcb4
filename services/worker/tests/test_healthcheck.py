"""`healthcheck.sh`: healthy is a fresh sign of life and a Redis that answers."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.concurrency.thread import TaskPool
from celery.utils.timer2 import Timer
from django.conf import settings
from redis import Redis
from structlog.testing import capture_logs

from bellhop.ring.redis_client import redis_client
from core import heartbeat, life
from core.heartbeat import Heartbeat

SCRIPT = Path(__file__).parents[1] / "healthcheck.sh"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A heartbeat of this test's own, not that of a worker on the same machine."""
    path = tmp_path / "heartbeat"
    monkeypatch.setenv("HEARTBEAT_FILE", str(path))
    monkeypatch.setattr(heartbeat, "FILE", path)
    return path


def reason() -> str:
    """Run the command; return why the worker is unhealthy, or the empty string."""
    run = subprocess.run(
        ["bash", str(SCRIPT)], capture_output=True, text=True, check=False, timeout=50
    )
    assert run.returncode == (1 if run.stderr else 0)
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) <= 1
    return run.stderr.rstrip("\n")


def test_without_a_heartbeat_it_is_not_connected(file: Path) -> None:
    assert reason() == "worker: not connected to the broker"


def test_an_old_heartbeat_is_a_worker_that_fell_silent(file: Path) -> None:
    file.touch()
    old = time.time() - 60
    os.utime(file, (old, old))
    assert reason() in [f"worker: no thread was free for {age} s" for age in range(60, 120)]


@pytest.mark.parametrize(("age", "is_healthy"), [(20, True), (35, False)])
def test_silent_is_a_worker_after_30_s(file: Path, age: int, is_healthy: bool) -> None:
    file.touch()
    then = time.time() - age
    os.utime(file, (then, then))
    assert (reason() == "") is is_healthy


def test_a_fresh_heartbeat_and_a_redis_that_answers_is_healthy(file: Path, worker: Any) -> None:
    step = Heartbeat(worker)
    step.start(worker)
    # What the first probe met with may be a Redis that was slow, once.
    until(lambda: reason() == "")
    step.stop(worker)


def test_a_fresh_heartbeat_without_redis_is_unhealthy_until_it_answers_again(
    file: Path, worker: Any, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SECONDS", 0.05)
    step, client = Heartbeat(worker), life.client
    away = redis_client(f"redis://127.0.0.1:{closed_port}")
    monkeypatch.setattr(life, "client", lambda: away)
    step.start(worker)
    until(lambda: reason().startswith("redis: "))
    monkeypatch.setattr(life, "client", client)
    until(lambda: reason() == "")
    step.stop(worker)


@pytest.fixture
def worker() -> Iterator[Any]:
    """What Celery hands to a bootstep: something with a timer and a pool, here of two threads."""
    timer, pool = Timer(), TaskPool(2)
    yield SimpleNamespace(timer=timer, pool=pool)
    timer.stop()
    pool.on_stop()


def test_the_heartbeat_begins_with_the_consumer_and_ends_with_it(file: Path, worker: Any) -> None:
    step = Heartbeat(worker)
    step.start(worker)
    assert file.exists()
    step.stop(worker)
    assert not file.exists()


def test_a_consumer_that_never_started_may_stop(file: Path, worker: Any) -> None:
    Heartbeat(worker).stop(worker)
    assert not file.exists()


def test_the_heartbeat_goes_on(file: Path, worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "SECONDS", 0.05)
    step = Heartbeat(worker)
    step.start(worker)
    os.utime(file, (0, 0))
    until(lambda: file.stat().st_mtime > 0)
    step.stop(worker)


def test_a_sign_of_life_that_somebody_else_took_away_comes_back(
    file: Path, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What tidies up a folder of temporary files must not make a worker unhealthy for good."""
    monkeypatch.setattr(heartbeat, "SECONDS", 0.05)
    step = Heartbeat(worker)
    step.start(worker)
    file.unlink()
    until(file.exists)
    step.stop(worker)
    assert not file.exists()


def test_a_worker_whose_threads_all_hang_is_unhealthy_until_one_is_free(
    file: Path, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside it, the loop goes on asking and Redis answers: nothing else would tell."""
    monkeypatch.setattr(heartbeat, "SECONDS", 0.02)
    step, free, stuck = Heartbeat(worker), threading.Event(), threading.Event()

    def hang() -> None:
        stuck.set()
        free.wait(60)

    step.start(worker)
    worker.pool.apply_async(hang, callback=lambda _: None)
    assert stuck.wait(30)
    until(lambda: time.time() - file.stat().st_mtime < 0.1)
    # One thread of two is enough.
    until(lambda: reason() == "")
    stuck.clear()
    worker.pool.apply_async(hang, callback=lambda _: None)
    assert stuck.wait(30)
    minute_ago = time.time() - 60
    os.utime(file, (minute_ago, minute_ago))
    # Ten times as long as between two probes.
    assert not free.wait(0.2)
    assert "no thread was free" in reason()
    free.set()
    until(lambda: reason() == "")
    step.stop(worker)


def test_a_probe_that_fails_is_told_once_and_asked_again(
    file: Path, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SECONDS", 0.02)
    tried: list[None] = []

    def fail() -> None:
        tried.append(None)
        raise ValueError("nobody expects it")

    monkeypatch.setattr(life, "show", fail)
    step = Heartbeat(worker)
    with capture_logs() as lines:
        step.start(worker)
        until(lambda: len(tried) > 3)
        step.stop(worker)
    assert [line["event"] for line in lines] == ["heartbeat_failed"]


def test_a_pool_that_takes_nothing_any_more_does_not_end_the_heartbeat(
    file: Path, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SECONDS", 0.02)
    closed, step = TaskPool(1), Heartbeat(worker)
    closed.on_stop()
    with capture_logs() as lines:
        step._ask(closed)
        step.start(worker)
        os.utime(file, (0, 0))
        until(lambda: file.stat().st_mtime > 0)
        step.stop(worker)
    # What another test has let expire may be told by now, too.
    events = [line["event"] for line in lines if line["event"] != "rings_expired"]
    assert events == ["heartbeat_failed"]


def test_the_sign_of_life_lies_in_redis_for_seconds_and_is_this_installations(
    file: Path, worker: Any
) -> None:
    redis: Any = Redis.from_url(settings.BROKER_URL)
    key = f"{settings.REDIS_PREFIX}worker"
    redis.delete(key)
    step = Heartbeat(worker)
    step.start(worker)
    until(lambda: redis.exists(key))
    assert 0 < redis.ttl(key) <= 10
    step.stop(worker)
    assert redis.exists(key), "another worker may live"
    redis.delete(key)
    redis.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
