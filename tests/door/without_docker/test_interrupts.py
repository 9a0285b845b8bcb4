"""Ctrl-C, `kill` and a closed terminal all end a command the clean way."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bare import interrupts

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_breaks_the_command_off(number: signal.Signals) -> None:
    interrupts.install()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_a_signal_that_our_caller_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupts.install()
    with interrupts.deferred():
        signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGHUP)


@pytest.mark.parametrize("number", SIGNALS)
def test_what_must_not_be_left_half_done_is_done_first(number: signal.Signals) -> None:
    interrupts.install()
    done = []

    def install_something() -> None:
        with interrupts.deferred():
            signal.raise_signal(number)
            done.append("something")

    with pytest.raises(KeyboardInterrupt):
        install_something()
    assert done
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_what_an_interrupted_program_has_started_ends_with_it(tmp_path: Path) -> None:
    interrupts.install()
    began, ended = tmp_path / "began", tmp_path / "ended"
    waits = "while [ ! -e ended ]; do sleep 0.1; done; touch lived-on"
    # More than a pipe holds: it has begun once somebody listens.
    begins = "head -c 200000 /dev/zero; touch began"

    def interrupt() -> None:
        deadline = time.monotonic() + 30
        while not began.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        interrupts.run(["sh", "-c", f"({waits}) & {begins}; sleep 60"], cwd=tmp_path)
    ended.touch()
    time.sleep(1)
    assert sorted(tmp_path.iterdir()) == [began, ended]


def test_a_program_runs_to_its_end_and_all_it_says_is_returned() -> None:
    done = interrupts.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (done.returncode, done.stdout) == (3, "out\nerr\n")
