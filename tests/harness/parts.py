"""The stages that need no whole stack, part by part: each part is a process of its own.

The three services are separate programs whose packages have the same names (`config`, `core`).
"""

import os
import re
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness.counting import ROOT, Count, Part, command, output, pytest


@dataclass(frozen=True)
class Apart:
    """Folders of a part that are run by themselves; `environment`: so that they do not meet the rest."""

    name: str
    folders: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


PARTS = {
    "rows": ROOT / "packages/bellhop/tests/rows",
    "sockets": ROOT / "packages/bellhop/tests/sockets",
    "projects": ROOT / "packages/bellhop/tests/projects",
    "stack": ROOT / "packages/stack/tests",
    "web": ROOT / "services/web",
    "worker": ROOT / "services/worker",
    "ws": ROOT / "services/ws",
}
APART = {
    "rows": Apart("checks", ("checks", "testing"), {"TEST_DATABASE": "test_checks"}),
    "projects": Apart("chromium", ("chromium",)),
}
"""Folders of a part that are a run of their own, beside the rest: most of it is other programs that start."""
JS_TESTS = list((ROOT / "tests/js").rglob("*.test.js"))
# The settings of each part; the package is tested with what this stack's services share. In "projects" they are for
# mypy alone: the projects there have their own.
SETTINGS = {
    "rows": "stack.settings",
    "sockets": "sockets.settings",
    "projects": "stack.settings",
    "stack": "stack.settings",
}

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""One mypy at a time has a cache."""


def environment(name: str) -> dict[str, str]:
    """Return what a part's tools need to find its Django settings."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS.get(name, "config.settings")}


def lint() -> Iterator[Part]:
    yield Part("ruff check", partial(command, "ruff", "check", "."))
    yield Part("ruff format", partial(command, "ruff", "format", "--check", "."))
    yield Part("lint-imports", partial(command, "lint-imports", "--no-cache"))
    yield Part("lock file", partial(command, "uv", "lock", "--check", "--offline"))


def types() -> Iterator[Part]:
    tests = ROOT / "packages/bellhop/tests"
    paths = {"MYPYPATH": str(tests)}
    for name, folder in PARTS.items():
        if folder.is_relative_to(ROOT / "packages"):
            continue
        yield Part(f"mypy {name}", partial(mypy, ["."], folder, environment(name) | paths))
    # By their names: the folders of packages are not the roots of their modules.
    for name in ("bellhop", "stack"):
        folder = ROOT / f"packages/{name}/src"
        yield Part(
            f"mypy {name}", partial(mypy, ["-p", name], folder, environment("sockets") | paths)
        )
    for name in ("sockets", "projects"):
        yield Part(f"mypy {name}", partial(mypy, ["-p", name], tests, environment(name)))
    door = ["-p", "bare", "-p", "verbs", "-m", "published_address"]
    yield Part("mypy deploy", partial(mypy, door, ROOT / "deploy", environment("stack")))
    for folder in (ROOT / "tests/e2e", ROOT / "examples"):
        yield Part(f"mypy {folder.name}", partial(mypy, ["."], folder, environment("stack")))
    # The prover drives the stack with what the end-to-end tests have for that.
    paths = {"MYPYPATH": str(ROOT / "tests/e2e")}
    yield Part("mypy door", partial(mypy, ["."], ROOT / "tests/door", environment("stack") | paths))
    yield Part(
        "mypy prove", partial(mypy, ["-p", "prove"], ROOT / "tests", environment("stack") | paths)
    )
    for name in ("wheels", "backups"):
        yield Part(
            f"mypy {name}", partial(mypy, ["-p", name], ROOT / "tests", environment("stack"))
        )
    harness = ["-p", "harness", "-m", "run"]
    yield Part("mypy harness", partial(mypy, harness, ROOT / "tests", environment("stack") | paths))
    yield Part("mypy bench", partial(mypy, ["-p", "bench"], ROOT, environment("stack") | paths))


def mypy(sources: list[str], folder: Path, env: dict[str, str]) -> Count:
    """Check types; what has other settings, or modules of the same names, has a cache of its own."""
    # The worker and ws share what they import; web's applications are others.
    group = "web" if folder.name == "web" else env["DJANGO_SETTINGS_MODULE"]
    cache = Path(os.environ.get("MYPY_CACHE_DIR") or ROOT / ".mypy_cache") / group
    configuration = f"--config-file={ROOT / 'pyproject.toml'}"
    with _turns[group]:
        return command(
            *(sys.executable, "-m", "mypy", configuration, f"--cache-dir={cache}", *sources),
            cwd=folder,
            env=env,
        )


def unit() -> Iterator[Part]:
    for name, folder in PARTS.items():
        apart = APART.get(name)
        others = [f"--ignore={each}" for each in apart.folders] if apart else []
        yield Part(f"pytest {name}", partial(pytest, folder, environment(name), *others))
        if apart:
            own = {**environment(name), **apart.environment}
            options = ["--timeout=180", *apart.folders]
            yield Part(f"pytest {apart.name}", partial(pytest, folder, own, *options))
    yield Part("pytest door", partial(pytest, ROOT / "tests/door", dict(os.environ)))
    yield Part("pytest harness", partial(pytest, ROOT / "tests/harness", dict(os.environ)))
    yield Part("pytest prove", partial(pytest, ROOT / "tests/prove", dict(os.environ)))
    yield Part("pytest bench", partial(pytest, ROOT / "bench", dict(os.environ)))


def js() -> Iterator[Part]:
    yield Part("node --test", node)
    # What is served was built from what is tested.
    build = str(ROOT / "packages/bellhop/js/build.mjs")
    yield Part("js bundle", partial(command, "node", build, "--check"))


def node() -> Count:
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", *sorted(map(str, JS_TESTS))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(re.findall(r"^# (pass|fail|skipped) (\d+)$", run.stdout, re.MULTILINE))
    count = Count(*(int(found.get(word, 0)) for word in ("pass", "fail", "skipped")))
    if run.returncode != 0 or not count.passed:
        print(run.stdout, run.stderr, sep="\n", file=output.get())
        count.failed = max(count.failed, 1)
    return count
