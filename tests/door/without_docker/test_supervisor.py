"""Whether this clone's supervisord is there is asked of it, and never of a process id."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bare import start_and_stop
from bare import supervisor as bare
from bare.errors import MissingError
from conftest import Supervisor


@pytest.fixture
def somebody() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has nothing to do with the stack."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def test_a_process_id_left_from_before_a_reboot_is_not_taken_for_ours_and_left_alone(
    state: Path, somebody: "subprocess.Popen[bytes]"
) -> None:
    (state / "supervisord.pid").write_text(f"{somebody.pid}\n")
    assert not start_and_stop.running()
    assert start_and_stop.down() is False
    assert somebody.poll() is None


def test_a_socket_left_by_a_killed_supervisor_is_nobody(state: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(state / "supervisor.sock"))
    assert not start_and_stop.running()
    assert start_and_stop.down() is False


def test_a_supervisor_that_answers_is_ours(supervisor: Supervisor) -> None:
    assert start_and_stop.running()


def test_a_service_is_started_stopped_and_told_by_its_process_id(supervisor: Supervisor) -> None:
    start_and_stop.control("start", "ws")
    assert start_and_stop.control("pid", "ws") == "4242"
    start_and_stop.control("stop", "ws")
    assert supervisor.told == ["startProcess ws", "stopProcess ws"]


def test_starting_what_runs_and_stopping_what_does_not_is_no_error(supervisor: Supervisor) -> None:
    start_and_stop.control("stop", "ws")
    start_and_stop.control("start", "ws")
    start_and_stop.control("start", "ws")


def test_a_stopped_service_has_no_process_id_that_a_signal_could_take_for_a_group(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(MissingError, match="ws does not run"):
        start_and_stop.control("pid", "ws")


def test_a_process_that_has_ended_but_was_not_collected_is_gone() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        os.kill(child, 0)  # still there for a signal
        assert not bare._exists(child)
    finally:
        os.waitpid(child, 0)
    assert bare._exists(os.getpid())
