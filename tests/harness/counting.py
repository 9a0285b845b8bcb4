"""Running one process and counting what it tested."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]

output: ContextVar[IO[Any] | None] = ContextVar("output", default=None)
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


def command(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> Count:
    """Run one command that counts as one test."""
    done = subprocess.run(
        arguments, cwd=cwd, env=env, check=False, stdout=output.get(), stderr=subprocess.STDOUT
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
            stdout=output.get(),
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
