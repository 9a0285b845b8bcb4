"""What a lane's run says is understood, whatever it says."""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
import run
from harness import lanes
from harness.counting import Count


class Runner:
    """A container whose log grows by what is given, and which ends with it."""

    def __init__(self, *logs: str, code: int = 0) -> None:
        self._logs: Iterator[str] = iter(logs)
        self._left = len(logs)
        self._text = ""
        self.attrs = {"State": {"ExitCode": code}}

    status = "running"

    def reload(self) -> None:
        self._text += next(self._logs)
        self._left -= 1
        self.status = "running" if self._left else "exited"

    def logs(self) -> bytes:
        return self._text.encode()


def followed(monkeypatch: pytest.MonkeyPatch, runner: Runner) -> list[lanes.Said]:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    said: SimpleQueue[lanes.Said] = SimpleQueue()
    lane = lanes.Lane("lane-1", ["e2e"], runner=runner)
    lanes._follow(lane, said, 0.0)
    found: list[Any] = []
    while not said.empty():
        found.append(said.get())
    return found


def test_each_part_is_told_whole_as_it_ends_and_counted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = run.closing("ruff check", Count(passed=1), 0.1)
    second = run.closing("pytest web", Count(3, 2, 1), 12.5)
    total = "\n".join([lanes.ALL_STAGES, first, second, "4 passed, 2 failed, 1 skipped", ""])
    runner = Runner(f"fine\n{first}\n3 pas", f"sed\n{second}\n", f"\n{total}", code=1)
    told = followed(monkeypatch, runner)
    assert [(list(said.lines), list(said.done)) for said in told if said.done] == [
        (["fine", first], [("ruff check", Count(passed=1), 0.1)]),
        (["3 passed", second], [("pytest web", Count(3, 2, 1), 12.5)]),
    ]
    assert not [line for said in told for line in said.lines if line == lanes.ALL_STAGES]


@pytest.mark.parametrize(("logs", "code"), [(["Traceback\n"], 1), ([""], 137)])
def test_a_run_that_dies_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, logs: list[str], code: int
) -> None:
    told = followed(monkeypatch, Runner(*logs, code=code))
    assert sum((count for said in told for _, count, _ in said.done), Count()).failed == 1


@pytest.mark.parametrize("code", [1, 137])
def test_a_run_that_dies_after_a_part_is_a_failure_too(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    part = run.closing("ruff check", Count(passed=1), 0.1)
    told = followed(monkeypatch, Runner(f"{part}\nhalf of the next", code=code))
    total = sum((count for said in told for _, count, _ in said.done), Count())
    assert (total.passed, total.failed) == (1, 1)


@pytest.mark.parametrize("name", ["BARE", "LANE", "TEST_ARGUMENTS"])
def test_where_there_can_be_one_run_only_there_is_one(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    assert not lanes.are_possible()
