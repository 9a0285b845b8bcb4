"""The doorbell: off the caller's way, bounded, quiet about a dead broker."""

import contextvars
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bellhop import contract
from bellhop.ring import publish_thread
from bellhop.ring.publish_thread import Doorbell
from rows.conftest import TEST_BROKER, Rings
from rows.waiting import PATIENCE, until
from stack import task_names


class Sender:
    """Notes what it is given; blocks or fails on demand."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, tuple[object, ...]]] = []
        self.tried = 0
        self.free = threading.Event()
        self.free.set()
        self.fails = False

    def __call__(self, task: str, args: tuple[object, ...]) -> None:
        self.tried += 1
        assert self.free.wait(PATIENCE)
        if self.fails:
            raise ConnectionError("refused")
        self.sent.append((task, args))


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_rings_are_sent_in_order_with_their_arguments(sender: Sender) -> None:
    bell = Doorbell(sender)
    assert bell.ring("a", 1)
    assert bell.ring("b", 2, "three")
    assert bell.flush(PATIENCE)
    assert sender.sent == [("a", (1,)), ("b", (2, "three"))]


def test_what_waits_together_is_rung_together_in_order_and_never_too_many(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_thread, "TOGETHER", 3)
    bell = Doorbell(sender)
    sender.free.clear()
    bell.ring(contract.RING, "first")
    until(lambda: sender.tried)
    for number in range(5):
        bell.ring(contract.RING, str(number))
    bell.ring(task_names.SEND_LOGIN_NOTIFICATION, "login")
    bell.ring(task_names.SEND_LOGIN_NOTIFICATION, "another")
    bell.ring(contract.RING, "last")
    sender.free.set()
    assert bell.flush(PATIENCE)
    assert sender.sent == [
        (contract.RING, ("first",)),
        (contract.RING_MANY, (["0", "1", "2"],)),
        (contract.RING_MANY, (["3", "4"],)),
        (task_names.SEND_LOGIN_NOTIFICATION, ("login",)),
        (task_names.SEND_LOGIN_NOTIFICATION, ("another",)),
        (contract.RING, ("last",)),
    ]


def test_ring_returns_at_once_while_the_sender_blocks(sender: Sender) -> None:
    bell = Doorbell(sender)
    sender.free.clear()
    bell.ring("first")
    until(lambda: sender.tried)
    started = time.perf_counter()
    for number in range(100):
        bell.ring("more", number)
    took = time.perf_counter() - started
    sender.free.set()
    assert took < 1.5  # 15 ms each, on a machine that does something else as well
    assert bell.flush(PATIENCE)
    assert len(sender.sent) == 101


def test_a_full_queue_drops_and_says_so(sender: Sender) -> None:
    bell = Doorbell(sender, capacity=2)
    sender.free.clear()
    bell.ring("in hand")
    until(lambda: sender.tried)
    assert [bell.ring(str(number)) for number in range(4)] == [True, True, False, False]
    sender.free.set()
    assert bell.flush(PATIENCE)
    assert [task for task, _ in sender.sent] == ["in hand", "0", "1"]
    assert bell.ring("room again")


def test_after_a_failure_nothing_is_tried_for_a_pause_and_then_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("bellhop.outage.time", SimpleNamespace(monotonic=lambda: now))
    bell = Doorbell(sender, pause=5)

    def ring(task: str) -> None:
        assert bell.ring(task)
        assert bell.flush(PATIENCE)

    sender.fails = True
    ring("fails")
    sender.fails = False
    ring("too early")
    now += 4.9
    ring("too early, too")
    assert (sender.tried, sender.sent) == (1, [])
    now += 0.2
    ring("again")
    ring("and again")
    assert [task for task, _ in sender.sent] == ["again", "and again"]


def test_a_broker_dead_for_long_costs_one_try_a_pause(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("bellhop.outage.time", SimpleNamespace(monotonic=lambda: now))
    bell = Doorbell(sender, pause=5)
    sender.fails = True
    for _ in range(50):
        bell.ring("task")
        assert bell.flush(PATIENCE)
        now += 1
    assert sender.tried == 10


def test_going_and_coming_back_is_one_line_each(sender: Sender) -> None:
    bell = Doorbell(sender, pause=0)
    with capture_logs() as lines:
        for fails in (False, True, True, True, False, False, True, False):
            sender.fails = fails
            bell.ring("task")
            assert bell.flush(PATIENCE)
    assert [line["event"] for line in lines] == [
        "doorbell_lost", "doorbell_back", "doorbell_lost", "doorbell_back",
    ]  # fmt: skip


def test_the_thread_outlives_whatever_the_sender_raises(sender: Sender) -> None:
    bell = Doorbell(sender, pause=0)
    sender.fails = True
    bell.ring("fails")
    assert bell.flush(PATIENCE)
    sender.fails = False
    bell.ring("works")
    assert bell.flush(PATIENCE)
    assert [task for task, _ in sender.sent] == ["works"]


def test_the_context_of_the_caller_goes_along() -> None:
    """The request id: one grep tells a notification's story."""
    request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="none")
    seen = []
    bell = Doorbell(lambda task, args: seen.append((task, request_id.get())))
    token = request_id.set("req-1")
    bell.ring("inside")
    request_id.reset(token)
    bell.ring("outside")
    assert bell.flush(PATIENCE)
    assert seen == [("inside", "req-1"), ("outside", "none")]


def test_flush_of_a_quiet_doorbell_returns_at_once(sender: Sender) -> None:
    assert Doorbell(sender).flush(0)


def test_flush_gives_up_after_its_time(sender: Sender) -> None:
    bell = Doorbell(sender)
    sender.free.clear()
    bell.ring("task")
    started = time.monotonic()
    assert not bell.flush(0.1)
    assert time.monotonic() - started < 2
    sender.free.set()
    assert bell.flush(PATIENCE)


def test_callers_at_once_start_one_thread(sender: Sender) -> None:
    bell = Doorbell(sender)
    before = set(threading.enumerate())
    gate = threading.Barrier(8)

    def call() -> None:
        gate.wait()
        bell.ring("task")

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert bell.flush(PATIENCE)
    assert len(sender.sent) == 8
    started = set(threading.enumerate()) - before
    assert [thread.name for thread in started] == ["doorbell"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("rang_before", [False, True])
def test_a_forked_process_has_a_thread_of_its_own(rang_before: bool) -> None:
    """gunicorn and Celery fork: the parent's thread, here busy sending, stays behind."""
    fork = multiprocessing.get_context("fork")
    heard = fork.SimpleQueue()
    free, sent = threading.Event(), threading.Event()

    def send(task: str, args: tuple[object, ...]) -> None:
        heard.put((os.getpid(), task))
        sent.set()
        if task == "parent":
            free.wait(PATIENCE)

    bell = Doorbell(send)
    if rang_before:
        bell.ring("parent")
        assert heard.get() == (os.getpid(), "parent")

    def child() -> None:
        sent.clear()
        bell.ring("child")
        os._exit(0 if sent.wait(PATIENCE) else 1)

    process = fork.Process(target=child)
    process.start()
    process.join(2 * PATIENCE)
    free.set()
    assert process.exitcode == 0
    assert heard.get() == (process.pid, "child")
    assert bell.flush(PATIENCE)


def test_a_process_that_ends_waits_for_its_rings(rings: Rings) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        f"settings.BROKER_URL = {TEST_BROKER!r}\n"
        "from stack import celery_app\n"
        "from bellhop.ring import publish_thread as doorbell\n"
        "app = celery_app.celery_app('short-lived')\n"
        # What is imported at the first publish must not count against the seconds at the end.
        "app.connection_for_write().connect()\n"
        "doorbell.ring('bellhop.tasks.ring', 'at the last moment')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=180)
    assert rings.heard() == [(contract.RING, ["at the last moment"])]


def test_a_process_that_ends_waits_no_longer_than_it_must(silent_port: int) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        f"settings.BROKER_URL = 'redis://127.0.0.1:{silent_port}'\n"
        "from stack import celery_app\n"
        "from bellhop.ring import publish_thread as doorbell\n"
        "app = celery_app.celery_app('short-lived')\n"
        "import time\n"
        "doorbell.ring('bellhop.tasks.ring', 'unheard')\n"
        "import atexit\n"
        "started = time.monotonic()\n"
        "atexit._run_exitfuncs()\n"
        "print(time.monotonic() - started)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=180
    )
    took: Any = float(run.stdout.splitlines()[-1])
    assert took < 3 * publish_thread.FLUSH


def test_a_forked_process_sends_its_first_ring_though_the_parents_thread_was_waiting() -> None:
    bell = Doorbell(lambda task, args: None)
    bell.ring("parent")
    assert bell.flush(PATIENCE)
    for _ in range(5):
        child = os.fork()
        if child == 0:
            bell.ring("child")
            os._exit(0 if bell.flush(PATIENCE) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_fault_that_nobody_expects_costs_one_ring_and_not_the_thread(sender: Sender) -> None:
    bell = Doorbell(sender)
    sender.free.clear()
    bell.ring("first")
    until(lambda: sender.tried)
    # Rings that can be joined have an argument; these have none.
    bell.ring(contract.RING)
    bell.ring(contract.RING)
    bell.ring("last")
    with capture_logs() as lines:
        sender.free.set()
        assert bell.flush(PATIENCE)
    assert [line["event"] for line in lines] == ["ring_failed"]
    assert [task for task, _ in sender.sent] == ["first", "last"]


def test_a_log_that_cannot_be_written_does_not_end_the_thread(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Log:
        def __getattr__(self, name: str) -> Any:
            raise OSError("no space left on device")

    bell = Doorbell(sender, pause=0)
    with monkeypatch.context() as patch:
        patch.setattr(publish_thread, "log", Log())
        patch.setattr("bellhop.outage.log", Log())
        patch.setattr(threading, "excepthook", lambda _: None)
        sender.fails = True
        bell.ring("lost")
        until(lambda: bell._thread is None or not bell._thread.is_alive() or sender.tried)
        bell.flush(PATIENCE)
    sender.fails = False
    bell.ring("after it")
    assert bell.flush(PATIENCE)
    assert ("after it", ()) in sender.sent
