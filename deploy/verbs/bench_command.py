"""`bellhop bench`: stacks of their own, Bellhop's and its peers', measured side by side on this machine.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from verbs import separate_stack

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench"
PORT = "18100"
PROJECT = "bellhop-bench"
LEFT_OUT = ("nchan",)
"""Of a quick run; --peers brings it back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to the door's parser."""
    parser.add_argument(
        "--quick",
        action="store_true",
        help="a glance in three minutes: one short round, fewer sockets",
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="of each measure (5)")
    parser.add_argument("--measures", metavar="a,b", help=f"only these of: {', '.join(measures())}")
    parser.add_argument("--peers", metavar="a,b", help=f"only these of: {', '.join(peers())}")
    parser.add_argument(
        "--results",
        metavar="DIR",
        help="folder for report.md, report.json, medians.png (bench/results; of a part: bench/results/part)",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the stacks running, to look into them; the next run starts them anew",
    )


def peers() -> "list[str]":
    """Return the names of the peers, Bellhop's first: the folders that hold a description."""
    found = sorted(file.parent.name for file in BENCH.glob("peers/*/peer.py"))
    return sorted(found, key=lambda name: name != "bellhop")


def measures() -> "list[str]":
    """Return the names of the measures: the modules."""
    return sorted(file.stem for file in BENCH.glob("measures/*/*.py") if file.stem != "__init__")


def main(arguments: argparse.Namespace) -> int:
    """Start, measure, stop; return 0 if everything could be measured."""
    try:
        options = _options(arguments)
    except ValueError as error:
        print(f"bellhop: {error}", file=sys.stderr)
        return 2
    chosen = _names(arguments.peers) or [
        name for name in peers() if not (arguments.quick and name in LEFT_OUT)
    ]
    # What git keeps is of whole runs.
    is_whole = not (arguments.quick or arguments.measures or arguments.peers)
    default = BENCH / "results" / ("" if is_whole else "part")
    results = Path(arguments.results or default).resolve()
    results.mkdir(parents=True, exist_ok=True)
    environment = _environment()
    profiles = [word for name in chosen for word in ("--profile", name)]
    everything = [word for name in (*peers(), "bench") for word in ("--profile", name)]
    down = [*everything, "down", "--volumes", "--remove-orphans", "--timeout", "3"]
    began = time.monotonic()
    # As at Ctrl-C, the stacks are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for step in (
            [*profiles, "--profile", "bench", "build"],
            # What --keep left, perhaps of another clone: another password in the database, other files in the mounts.
            down,
            [*profiles, "up", "--wait"],
        ):
            if _compose(environment, step) != 0:
                print("bellhop: the stacks did not start; see above", file=sys.stderr)
                return 1
        volume = ["--volume", f"{results}:/results"]
        harness = ["bench", "python", "-m", "bench", *options]
        status = _compose(environment, ["run", "--rm", "--no-deps", *volume, *harness])
        print(f"bellhop: results in {results}, after {time.monotonic() - began:.0f} s")
        return status
    except KeyboardInterrupt:
        return 130
    finally:
        if not arguments.keep:
            _compose(environment, down)


def _options(arguments: argparse.Namespace) -> "list[str]":
    """Return the harness's command line; ValueError with one line for what it would refuse."""
    if arguments.rounds is not None and not 1 <= arguments.rounds <= 100:
        raise ValueError("--rounds: a whole number from 1 to 100")
    options = ["--quick"] if arguments.quick else []
    if arguments.rounds:
        options += ["--rounds", str(arguments.rounds)]
    for name, known in (("measures", measures()), ("peers", peers())):
        chosen = _names(getattr(arguments, name))
        if unknown := [one for one in chosen if one not in known]:
            raise ValueError(f"--{name}: there is no {unknown[0]!r}; there are {', '.join(known)}")
        if chosen:
            options += [f"--{name}", ",".join(chosen)]
    return options


def _names(text: "str | None") -> "list[str]":
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _environment() -> "dict[str, str]":
    port = os.environ.get("BENCH_PORT") or PORT
    return separate_stack.environment(
        PROJECT,
        ["docker-compose.yml", "bench/docker-compose.yml"],
        HTTP_PORT=port,
        # Local, or RATE_LIMITS=off would be refused: nobody but the load generator comes in.
        PUBLIC_URL=f"http://localhost:{port}",
        RATE_LIMITS="off",
        # The same at each run, or --keep would leave a database that the next run has no password for. Nothing
        # is published of these stacks.
        SECRET_KEY=_secret("key"),
        POSTGRES_PASSWORD=_secret("database"),
    )


def _secret(name: str) -> str:
    return hashlib.sha256(f"{ROOT} {name}".encode()).hexdigest()


def _compose(environment: "dict[str, str]", arguments: "list[str]") -> int:
    print("$ docker compose", *arguments, flush=True)
    return subprocess.run(
        ["docker", "compose", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode
