"""Every test, stage by stage, with one closing line: ``N passed, N failed, N skipped``.

    python tests/run.py                 all stages
    python tests/run.py unit e2e        some stages
    python tests/run.py without-redis   the end-to-end tests once more, with Redis stopped
    python tests/run.py prove           what becomes of every notification while the stack is broken on purpose
    TEST_ARGUMENTS="-k browser" …       handed to every pytest
    TEST_LANES=1 …                      the end-to-end tests beside the one stack there is, one after another

Lint and types count as one test for each part. The end-to-end tests run on several stacks at once (harness/lanes.py),
the stages that need none beside them; on a host without Docker, and where tests are chosen, one after the other.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from harness import at_once, lanes, node_packages, parts
from harness.counting import ROOT, Count, Part, pytest

E2E = ROOT / "tests/e2e"


def e2e() -> Iterator[Part]:
    name = os.environ.get("LANE") or "end to end"
    yield Part(f"pytest {name}", partial(pytest, E2E, dict(os.environ)))


def without_redis() -> Iterator[Part]:
    environment = {**os.environ, "WITHOUT_REDIS": "1"}
    name = os.environ.get("LANE") or "without Redis"
    yield Part(f"pytest {name}", partial(pytest, E2E, environment))


def prove() -> Iterator[Part]:
    """The faults that CI tries, for seconds each; `./bellhop prove` tries all of them for longer."""
    yield Part("prove", prove_some)


def prove_some() -> Count:
    tests = ROOT / "tests"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(E2E)])}
    with tempfile.TemporaryDirectory() as folder:
        options = ["--short", "--faults", "1,2,4,5,7,10", "--report", folder]
        subprocess.run(
            [sys.executable, "-m", "prove", *options], cwd=tests, env=environment, check=False
        )
        report = Path(folder) / "report.json"
        phases = json.loads(report.read_text())["phases"] if report.exists() else []
    kept = sum(phase["kept"] for phase in phases)
    return Count(passed=kept, failed=len(phases) - kept or int(not phases))


STAGES: dict[str, Callable[[], Iterator[Part]]] = {
    "lint": parts.lint,
    "types": parts.types,
    "unit": parts.unit,
    "js": parts.js,
    "e2e": e2e,
    "without-redis": without_redis,
    "prove": prove,
}
NEED_NO_STACK = ("lint", "types", "unit", "js")
NEED_NODE_PACKAGES = {"unit", "js"}
IN_LANES = ("e2e", "without-redis")
# Jobs of their own: the end-to-end tests once more, with Redis stopped, and what is broken on purpose.
BY_DEFAULT = [name for name in STAGES if name not in ("without-redis", "prove")]


def run_all(stages: Sequence[str]) -> Iterator[tuple[str, Count, float]]:
    """Run stages; yield each part's name, count and seconds as it ends, with what it said printed."""
    apart = [name for name in stages if name in NEED_NO_STACK]
    whole = [name for name in stages if name not in NEED_NO_STACK]
    in_lanes = [name for name in whole if name in IN_LANES]
    if not (in_lanes and lanes.are_possible()):
        for done in at_once.run([part for name in apart for part in STAGES[name]()]):
            yield tell(*done)
        apart, in_lanes = [], []
    for name in whole:
        print(f"\n=== {name}", flush=True)
        if name in in_lanes:
            for said in lanes.run(name, apart):
                print(f"\n[{said.lane}]" if said.done else f"[{said.lane}]", end=" ")
                print(*said.lines, sep="\n", flush=True)
                yield from said.done
            apart = []
        else:
            for part in STAGES[name]():
                started = time.monotonic()
                yield tell(part.name, part.run(), time.monotonic() - started)


def tell(name: str, count: Count, took: float) -> tuple[str, Count, float]:
    """Print a part's closing line, and hand it on."""
    at_once.say(closing(name, count, took))
    return name, count, took


def closing(name: str, count: Count, took: float) -> str:
    return (
        f"{'FAILED' if count.failed else 'ok':6} {name:20} {count.passed:4} passed"
        f" {count.failed:3} failed {count.skipped:3} skipped  {took:6.1f} s"
    )


def main(chosen: list[str]) -> int:
    if unknown := [name for name in chosen if name not in STAGES]:
        print(f"unknown stage {unknown[0]!r}; there are {', '.join(STAGES)}", file=sys.stderr)
        return 2
    # Beside the end-to-end tests, whose stack it is about.
    sys.path.insert(0, str(E2E))
    from support import only_local

    if why := only_local.refusal():
        print(why, file=sys.stderr)
        return 2
    if NEED_NODE_PACKAGES.intersection(chosen or BY_DEFAULT):
        node_packages.install_missing()
    total, lines = Count(), []
    for name, count, took in run_all(chosen or BY_DEFAULT):
        lines.append(closing(name, count, took))
        total += count
    print(f"\n{lanes.ALL_STAGES}", *lines, sep="\n")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
