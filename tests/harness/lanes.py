"""The end-to-end tests on several whole stacks at once, and the stages that need none beside them.

Each lane is one more run of tests/run.py, in a container like this one: the first beside the stack that was started,
the others beside stacks made like it. Most of the time each waits for something; together they fill the processors.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

from harness.counting import Count

COUNT = int(os.environ.get("TEST_LANES") or min(3, os.cpu_count() or 1))
"""Whole stacks at once, one a processor. A third on two processors saved nothing (2026-11-27: 562 s with two of them,
569 to 642 s with three), and everything that waits for a moment waited longer."""

ASIDE_SHARES = 768
"""What lint, types and unit tests get of a busy processor, where each container of a stack gets 1,024."""

TELL_SECONDS = 30
"""How often a lane that is busy says how far it is."""

CLOSING = re.compile(
    r"^(?:ok|FAILED) +(.+?) +(\d+) passed +(\d+) failed +(\d+) skipped +([\d.]+) s$"
)
ALL_STAGES = "=== all stages"


@dataclass
class Lane:
    """`stages` are its run's; a lane without `services` runs beside the stack that was started."""

    name: str
    stages: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    services: Sequence[str] = ()
    cpu_shares: int = 0
    stack: Any = None
    runner: Any = None


@dataclass(frozen=True)
class Said:
    """Lines of one lane; `done` holds name, count and seconds of each part that they end."""

    lane: str
    lines: Sequence[str]
    done: Sequence[tuple[str, Count, float]] = ()


def are_possible() -> bool:
    """Return whether there can be more than one: the stack is containers, with servers of its own.

    Whoever chooses tests with TEST_ARGUMENTS has one run, in which they come one after another.
    """
    if COUNT < 2 or any(os.environ.get(name) for name in ("BARE", "LANE", "TEST_ARGUMENTS")):
        return False
    from support.beside import stack

    return stack.can_be_made()


def run(stage: str, aside: Sequence[str]) -> Iterator[Said]:
    """Run a stage of the whole in lanes, and the stages of `aside` beside them; yield what each says as it comes.

    Whatever was made for that is removed at the end, however it ends, and before, if an earlier run left something.
    """
    from support import containers
    from support.beside import stack, traces

    shared = f"{containers.project()}-turns"
    lanes = [Lane(f"lane-{number}", [stage]) for number in range(1, COUNT + 1)]
    for lane in lanes:
        lane.environment = {"LANE": lane.name, "TURNS": "/turns"}
    for lane in lanes[1:]:
        lane.services = stack.WHOLE
        lane.environment["STACK_BESIDE"] = "1"
    if aside:
        lane = Lane("aside", aside, {"LANE": "aside"}, ("db", "redis"), ASIDE_SHARES)
        lanes.append(lane)
    traces.remove_all()
    _stopping.clear()
    said: SimpleQueue[Said] = SimpleQueue()
    with _ended_like_an_interrupt(), ThreadPoolExecutor(len(lanes)) as threads:
        try:
            turns = traces.volume(shared)
            # All of them before the first test begins: some tests edit what is copied.
            made = list(threads.map(lambda lane: _attempt(lane, said, _make, turns), lanes))
            running = [
                threads.submit(_attempt, lane, said, _run)
                for lane, is_made in zip(lanes, made, strict=True)
                if is_made
            ]
            while not all(each.done() for each in running):
                try:
                    yield said.get(timeout=0.5)
                except Empty:
                    continue
            while not said.empty():
                yield said.get()
            for each in running:
                each.result()
        finally:
            # A lane that was about to make something finds its network gone, and ends.
            _stopping.set()
            traces.remove_all()
    traces.remove_all()


_stopping = threading.Event()


def _attempt(
    lane: Lane, said: "SimpleQueue[Said]", step: Callable[..., None], *arguments: object
) -> bool:
    """Do something for a lane; what goes wrong with its stack is a failure of its."""
    started = time.monotonic()
    try:
        step(lane, said, *arguments)
    except Exception as error:
        if not _stopping.is_set():
            failed = (lane.name, Count(failed=1), time.monotonic() - started)
            said.put(Said(lane.name, [f"{type(error).__name__}: {error}"], [failed]))
        return False
    return True


def _make(lane: Lane, said: "SimpleQueue[Said]", turns: str) -> None:
    from support import containers, networks
    from support.beside import runner
    from support.beside.stack import StackBeside

    project = containers.project()
    own = containers.engine().containers.get(containers.own_id())
    joined = networks.endpoints(own)
    if lane.services:
        lane.stack = StackBeside(lane.name, lane.services)
        lane.stack.make()
        project, joined = lane.stack.project, lane.stack.join(own)
    lane.runner = runner.make(
        lane.name,
        ["python", "tests/run.py", *lane.stages],
        lane.environment,
        project=project,
        joined=joined,
        shared=turns,
        is_apart=bool(lane.cpu_shares),
        cpu_shares=lane.cpu_shares,
    )


def _run(lane: Lane, said: "SimpleQueue[Said]") -> None:
    started = time.monotonic()
    if lane.stack:
        lane.stack.start()
    lane.runner.start()
    _follow(lane, said, started)


def _follow(lane: Lane, said: "SimpleQueue[Said]", started: float) -> None:
    """Tell what a lane's run says, part by part as each ends, and now and then how far it is."""
    told, told_at, parts = 0, time.monotonic(), 0
    while True:
        lane.runner.reload()
        is_running = lane.runner.status == "running"
        lines = lane.runner.logs().decode(errors="replace").splitlines()
        # What comes after is told once more by the run that these lanes belong to.
        is_whole = ALL_STAGES in lines
        lines = lines[: lines.index(ALL_STAGES)] if is_whole else lines
        ends = [number for number, line in enumerate(lines) if CLOSING.match(line)]
        if len(ends) > parts:
            fresh = lines[told : ends[-1] + 1]
            done = [_parse(line) for line in (lines[end] for end in ends[parts:])]
            said.put(Said(lane.name, fresh, done))
            told, told_at, parts = ends[-1] + 1, time.monotonic(), len(ends)
        if not is_running:
            break
        if time.monotonic() - told_at > TELL_SECONDS:
            told_at = time.monotonic()
            said.put(Said(lane.name, [f"… {told_at - started:4.0f} s: {_at(lane, lines[told:])}"]))
        time.sleep(1)
    if not is_whole:
        said.put(Said(lane.name, lines[told:], [(lane.name, Count(failed=1), 0.0)]))


def _at(lane: Lane, lines: Sequence[str]) -> str:
    """Return what a lane is at: the test that it noted, or the last line that it has written."""
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it begins")
    with suppress(OSError):
        # OSError: it has just ended.
        status, noted = lane.runner.exec_run(["cat", f"/turns/{lane.name}.now"])
        last = noted.decode() if status == 0 else last
    return last[:150]


def _parse(line: str) -> tuple[str, Count, float]:
    found = CLOSING.match(line)
    assert found
    name, passed, failed, skipped, seconds = found.groups()
    return name, Count(int(passed), int(failed), int(skipped)), float(seconds)


@contextmanager
def _ended_like_an_interrupt() -> Iterator[None]:
    """Whoever stops this container wants the others gone, too."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
