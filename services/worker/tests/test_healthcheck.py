"""`python healthcheck.py`: healthy is a fresh sign of life and a Redis that answers."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import healthcheck
import pytest
from celery.utils.timer2 import Timer

from core import heartbeat
from core.heartbeat import Heartbeat


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A heartbeat of this test's own, not that of a worker on the same machine."""
    path = tmp_path / "heartbeat"
    monkeypatch.setattr(healthcheck, "FILE", path)
    monkeypatch.setattr(heartbeat, "FILE", path)
    return path


def test_without_a_heartbeat_it_is_not_connected(file: Path) -> None:
    assert healthcheck.reason() == "worker: not connected to the broker"


def test_an_old_heartbeat_is_a_worker_that_fell_silent(file: Path) -> None:
    file.touch()
    old = time.time() - 60
    os.utime(file, (old, old))
    assert healthcheck.reason() == "worker: silent for 60 s"


def test_a_fresh_heartbeat_and_a_redis_that_answers_is_healthy(file: Path) -> None:
    file.touch()
    assert healthcheck.reason() == ""


def test_a_fresh_heartbeat_without_redis_is_unhealthy(
    file: Path, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{closed_port}")
    file.touch()
    started = time.monotonic()
    assert healthcheck.reason().startswith("redis: ")
    assert time.monotonic() - started < 5


@pytest.fixture
def worker() -> Any:
    """What Celery hands to a bootstep: something with a timer."""
    timer = Timer()
    yield SimpleNamespace(timer=timer)
    timer.stop()


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
    deadline = time.monotonic() + 10
    while file.stat().st_mtime == 0:
        assert time.monotonic() < deadline, "it stopped"
        time.sleep(0.01)
    step.stop(worker)


def test_the_command_exits_1_with_one_line(closed_port: int) -> None:
    run = subprocess.run(
        [sys.executable, "healthcheck.py"],
        env={**os.environ, "REDIS_URL": f"redis://127.0.0.1:{closed_port}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert run.returncode == 1
    assert len(run.stderr.splitlines()) == 1
