"""Every test, stage by stage, with one closing line: ``N passed, N failed, N skipped``.

    python tests/run.py                 all stages
    python tests/run.py unit e2e        some stages
    python tests/run.py without-redis   the end-to-end tests once more, with Redis stopped
    python tests/run.py prove           what becomes of every notification while the stack is broken on purpose
    TEST_ARGUMENTS="-k browser" …       handed to every pytest

Lint and types count as one test for each part. Each part is tested in a process of its own, since the
three services are separate programs whose packages have the same names (`config`, `core`). Two of these
processes run at a time, each on a database of its own; the stages that need the stack for themselves come after.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "rows": ROOT / "packages/bellhop/tests/rows",
    "sockets": ROOT / "packages/bellhop/tests/sockets",
    "stack": ROOT / "packages/stack/tests",
    "web": ROOT / "services/web",
    "worker": ROOT / "services/worker",
    "ws": ROOT / "services/ws",
}
JS_TESTS = list((ROOT / "tests/js").rglob("*.test.js"))
# The settings of each part; the package is tested with what this stack's services share.
SETTINGS = {"rows": "stack.settings", "sockets": "sockets.settings", "stack": "stack.settings"}


AT_ONCE = 2
"""Parts that are checked beside each other: most of their time they wait."""

LONGEST = "pytest rows"
"""Begins first: as long as it runs, all others have their turn beside it."""

_types_turn = threading.Lock()
"""They share one cache."""

_output: ContextVar[IO[Any] | None] = ContextVar("output", default=None)
"""Where a part's output goes; None: to the terminal, as it comes."""


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )


@dataclass(frozen=True)
class Part:
    """What is run as one process, and counted."""

    name: str
    run: Callable[[], Count]


def environment(name: str) -> dict[str, str]:
    """Return what a part's tools need to find its Django settings."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS.get(name, "config.settings")}


def command(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> Count:
    """Run one command that counts as one test."""
    done = subprocess.run(
        arguments, cwd=cwd, env=env, check=False, stdout=_output.get(), stderr=subprocess.STDOUT
    )
    ok = done.returncode == 0
    return Count(passed=1) if ok else Count(failed=1)


def pytest(where: Path, env: dict[str, str], *arguments: str) -> Count:
    """Run pytest in `where` and count its tests; a run that dies counts as a failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        given = shlex.split(os.environ.get("TEST_ARGUMENTS", ""))
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                f"--junitxml={report}",
                *arguments,
                *given,
            ],
            cwd=where,
            env=env,
            check=False,
            stdout=_output.get(),
            stderr=subprocess.STDOUT,
        )
        if not report.exists():
            return Count(failed=1)
        counts = Count()
        for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314 - our own file
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            counts += Count(int(suite.get("tests", 0)) - failed - skipped, failed, skipped)
        # 5: no test ran, which is no failure only where TEST_ARGUMENTS chose other parts' tests.
        accepted = (0, 1, 5) if given else (0, 1)
        if run.returncode not in accepted or (run.returncode == 1 and not counts.failed):
            counts.failed += 1
        return counts


def lint() -> Iterator[Part]:
    yield Part("ruff check", partial(command, "ruff", "check", "."))
    yield Part("ruff format", partial(command, "ruff", "format", "--check", "."))
    yield Part("lock file", partial(command, "uv", "lock", "--check", "--offline"))


def types() -> Iterator[Part]:
    for name, folder in PARTS.items():
        if folder.is_relative_to(ROOT / "packages"):
            continue
        yield Part(f"mypy {name}", partial(mypy, ["."], folder, environment(name)))
    # By their names: the folders of packages are not the roots of their modules.
    tests = ROOT / "packages/bellhop/tests"
    paths = {"MYPYPATH": str(tests)}
    for name in ("bellhop", "stack"):
        folder = ROOT / f"packages/{name}/src"
        yield Part(
            f"mypy {name}", partial(mypy, ["-p", name], folder, environment("sockets") | paths)
        )
    yield Part("mypy sockets", partial(mypy, ["-p", "sockets"], tests, environment("sockets")))
    door = [
        "-p",
        "bare",
        "-m",
        "proving",
        "-m",
        "benching",
        "-m",
        "apart",
        "-m",
        "engine",
        "-m",
        "published",
    ]
    yield Part("mypy deploy", partial(mypy, door, ROOT / "deploy", environment("stack")))
    for folder in (ROOT / "tests/e2e", ROOT / "examples"):
        yield Part(f"mypy {folder.name}", partial(mypy, ["."], folder, environment("stack")))
    # The prover drives the stack with what the end-to-end tests have for that.
    paths = {"MYPYPATH": str(ROOT / "tests/e2e")}
    yield Part("mypy door", partial(mypy, ["."], ROOT / "tests/door", environment("stack") | paths))
    yield Part(
        "mypy prove", partial(mypy, ["-p", "prove"], ROOT / "tests", environment("stack") | paths)
    )
    yield Part("mypy bench", partial(mypy, ["-p", "bench"], ROOT, environment("stack") | paths))


def mypy(sources: list[str], folder: Path, env: dict[str, str]) -> Count:
    configuration = f"--config-file={ROOT / 'pyproject.toml'}"
    with _types_turn:
        return command(sys.executable, "-m", "mypy", configuration, *sources, cwd=folder, env=env)


def unit() -> Iterator[Part]:
    for name, folder in PARTS.items():
        yield Part(f"pytest {name}", partial(pytest, folder, environment(name)))
    yield Part("pytest door", partial(pytest, ROOT / "tests/door", dict(os.environ)))
    yield Part("pytest prove", partial(pytest, ROOT / "tests/prove", dict(os.environ)))
    yield Part("pytest bench", partial(pytest, ROOT / "bench", dict(os.environ)))


def js() -> Iterator[Part]:
    yield Part("node --test", node)


def node() -> Count:
    # The modules have no package.json of their own; up to 20 node must be told what they are.
    options = ["--experimental-default-type=module"] if node_major() < 22 else []
    run = subprocess.run(
        ["node", *options, "--test", "--test-reporter=tap", *sorted(map(str, JS_TESTS))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(re.findall(r"^# (pass|fail|skipped) (\d+)$", run.stdout, re.MULTILINE))
    count = Count(*(int(found.get(word, 0)) for word in ("pass", "fail", "skipped")))
    if run.returncode != 0 or not count.passed:
        print(run.stdout, run.stderr, sep="\n", file=_output.get())
        count.failed = max(count.failed, 1)
    return count


def node_major() -> int:
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.strip().lstrip("v").partition(".")[0])


def e2e() -> Iterator[Part]:
    yield Part("pytest end to end", partial(pytest, ROOT / "tests/e2e", dict(os.environ)))


def without_redis() -> Iterator[Part]:
    environment = {**os.environ, "WITHOUT_REDIS": "1"}
    yield Part("pytest without Redis", partial(pytest, ROOT / "tests/e2e", environment))


def prove() -> Iterator[Part]:
    """The faults that CI tries, for seconds each; `./bellhop prove` tries all of them for longer."""
    yield Part("prove", prove_some)


def prove_some() -> Count:
    tests = ROOT / "tests"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), str(tests / "e2e")])}
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
    "lint": lint,
    "types": types,
    "unit": unit,
    "js": js,
    "e2e": e2e,
    "without-redis": without_redis,
    "prove": prove,
}
BESIDE_EACH_OTHER = ("lint", "types", "unit", "js")
# Jobs of their own: the end-to-end tests once more, with Redis stopped, and what is broken on purpose.
BY_DEFAULT = [name for name in STAGES if name not in ("without-redis", "prove")]


def run_all(stages: Iterable[str]) -> Iterator[tuple[str, Count, float]]:
    """Run stages; yield each part's name, count and seconds as it ends."""
    besides = [part for name in stages if name in BESIDE_EACH_OTHER for part in STAGES[name]()]
    besides.sort(key=lambda part: part.name != LONGEST)
    if besides:
        print(f"\n=== {AT_ONCE} at a time: {', '.join(part.name for part in besides)}", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done in as_completed([threads.submit(run_apart, part) for part in besides]):
            name, count, took, said = done.result()
            print(f"\n=== {name}", said, sep="\n", flush=True)
            yield name, count, took
    for name in stages:
        if name not in BESIDE_EACH_OTHER:
            print(f"\n=== {name}", flush=True)
            for part in STAGES[name]():
                started = time.monotonic()
                yield part.name, part.run(), time.monotonic() - started


def run_apart(part: Part) -> tuple[str, Count, float, str]:
    """Run a part beside another; return its name, its count, its seconds and what it said."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        token = _output.set(output)
        try:
            count = part.run()
        finally:
            _output.reset(token)
        output.seek(0)
        return part.name, count, time.monotonic() - started, output.read()


def main(chosen: list[str]) -> int:
    if unknown := [name for name in chosen if name not in STAGES]:
        print(f"unknown stage {unknown[0]!r}; there are {', '.join(STAGES)}", file=sys.stderr)
        return 2
    # Beside the end-to-end tests, whose stack it is about.
    sys.path.insert(0, str(ROOT / "tests/e2e"))
    from support import only_local

    if why := only_local.refusal():
        print(why, file=sys.stderr)
        return 2
    total, lines = Count(), []
    for part, count, took in run_all(chosen or BY_DEFAULT):
        lines.append(
            f"{'FAILED' if count.failed else 'ok':6} {part:20} {count.passed:4} passed"
            f" {count.failed:3} failed {count.skipped:3} skipped  {took:6.1f} s"
        )
        print(lines[-1], flush=True)
        total += count
    print("\n=== all stages", *lines, sep="\n")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
