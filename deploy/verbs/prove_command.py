"""`bellhop prove`: a stack of its own, production-shaped, that is broken on purpose and judged.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from verbs import prove_updates, separate_stack

ROOT = Path(__file__).resolve().parents[2]
PORT = "18090"
PROJECT = "bellhop-prove"
COPIED_NOT = (
    ".git",
    ".venv",
    ".bellhop",
    ".env",
    "__pycache__",
    "artifacts",
    "prove-report",
    "backups",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to the door's parser."""
    parser.add_argument(
        "--faults", metavar="1,2,…", help="only these, by their numbers in the table"
    )
    parser.add_argument(
        "--updates",
        action="store_true",
        help="instead: `up -d`, deploys and scaling under load, in a copy of this clone",
    )
    parser.add_argument(
        "--short", action="store_true", help="each fault for seconds instead of half a minute"
    )
    parser.add_argument(
        "--minutes", type=float, help="instead: faults at random, several at once, for so long"
    )
    parser.add_argument("--seed", type=int, default=1, help="of everything that is random")
    parser.add_argument("--people", type=int, default=200, help="each has two tabs")
    parser.add_argument("--rate", type=float, default=20, help="notifications a second")
    parser.add_argument(
        "--report", default="prove-report", help="folder for report.md, report.json, timeline.png"
    )
    parser.add_argument(
        "--sabotage",
        metavar="NAME",
        help="test the oracle: take something out of a copy of the code and expect red; a name, or: all",
    )


def main(arguments: argparse.Namespace) -> int:
    """Prove, or sabotage; return 0 if every promise was kept, or if every sabotage was found."""
    report = Path(arguments.report).resolve()
    if arguments.updates:
        with _copied() as copy:
            return _prove(copy, report, _options(arguments))
    if not arguments.sabotage:
        return _prove(ROOT, report, _options(arguments))
    sys.path.insert(0, str(ROOT / "tests"))
    from prove.sabotages import SABOTAGES

    names = list(SABOTAGES) if arguments.sabotage == "all" else [arguments.sabotage]
    if names[0] not in SABOTAGES:
        known = ", ".join(SABOTAGES)
        print(
            f"bellhop: --sabotage: there is no {names[0]!r}; there are {known}, and all",
            file=sys.stderr,
        )
        return 2
    rows = []
    for name in names:
        sabotage = SABOTAGES[name]
        print(f"== sabotage {name}: {sabotage.title}", flush=True)
        with _copied() as copy:
            _edit(copy, sabotage.edits)
            options = ["--short", "--seed", str(arguments.seed), "--faults", sabotage.faults]
            _prove(copy, report / name, options)
        rows.append((name, sabotage.title, _red(report / name / "report.json")))
    print("| sabotage | what was taken out | what turned red |\n|---|---|---|")
    for name, title, red in rows:
        print(f"| {name} | {title} | {red or 'NOTHING'} |")
    return 0 if all(red for *_, red in rows) else 1


@contextmanager
def _copied() -> "Iterator[Path]":
    """Copy this clone, to be changed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bellhop"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*COPIED_NOT))
        yield copy


def _options(arguments: argparse.Namespace) -> "list[str]":
    options = [
        "--seed",
        str(arguments.seed),
        "--people",
        str(arguments.people),
        "--rate",
        f"{arguments.rate:g}",
    ]
    for name in ("faults", "minutes"):
        if getattr(arguments, name):
            options += [f"--{name}", str(getattr(arguments, name))]
    flags = [f"--{name}" for name in ("short", "updates") if getattr(arguments, name)]
    return options + flags


def _prove(root: Path, report: Path, options: "list[str]") -> int:
    report.mkdir(parents=True, exist_ok=True)
    environment = separate_stack.environment(
        PROJECT,
        ["docker-compose.yml", "docker-compose.tests.yml"],
        HTTP_PORT=os.environ.get("PROVE_PORT") or PORT,
        SECRET_KEY=secrets.token_urlsafe(50),
        POSTGRES_PASSWORD=secrets.token_urlsafe(24),
    )
    volume = ["--volume", f"{report}:/report"]
    python_path = ["--workdir", "/src/tests", "--env", "PYTHONPATH=/src/tests:/src/tests/e2e"]
    status = 0
    try:
        run = ["run", "--rm", *volume, *python_path, "tests", "python", "-m", "prove", *options]
        hand = (
            prove_updates.answering(root, environment, report)
            if "--updates" in options
            else nullcontext()
        )
        with hand:
            for step in (["--profile", "tests", "build"], ["up", "--wait"], run):
                status = _compose(root, environment, step)
                if status != 0:
                    break
        if status != 0:
            logs = subprocess.run(
                ["docker", "compose", "logs", "--no-color", "--timestamps"],
                cwd=root,
                env=environment,
                capture_output=True,
                check=False,
            )
            (report / "logs.txt").write_bytes(logs.stdout)
            print(
                f"bellhop: not every promise was kept; the stack's logs: {report / 'logs.txt'}",
                file=sys.stderr,
            )
        return status
    finally:
        _compose(
            root,
            environment,
            ["--profile", "tests", "down", "--volumes", "--remove-orphans", "--timeout", "5"],
        )


def _compose(root: Path, environment: "dict[str, str]", arguments: "list[str]") -> int:
    print("$ docker compose", *arguments, flush=True)
    return subprocess.run(
        ["docker", "compose", *arguments], cwd=root, env=environment, check=False
    ).returncode


def _edit(root: Path, edits: "list[tuple[str, str, str]]") -> None:
    for name, old, new in edits:
        text = (root / name).read_text()
        if text.count(old) != 1:
            raise SystemExit(
                f"bellhop: the sabotage of {name} does not fit the code any more: {old.strip()!r}"
            )
        (root / name).write_text(text.replace(old, new))


def _red(report: Path) -> str:
    """Return in words what a report found wrong, the empty text if nothing."""
    if not report.exists():
        return ""
    phases = json.loads(report.read_text())["phases"]
    counts: dict[str, int] = {}
    for phase in phases:
        for count, number in phase["counts"].items():
            counts[count] = counts.get(count, 0) + number
    words = [f"{number} {count.replace('_', ' ')}" for count, number in counts.items() if number]
    broken = [phase for phase in phases if not phase["kept"] and not any(phase["counts"].values())]
    words += [f"the bound of {phase['number']}: {phase['measured']}" for phase in broken]
    return ", ".join(words)
