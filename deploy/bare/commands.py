"""The commands of `./bellhop` on a host without Docker."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import published_address

from bare import interrupts, layout, request_story, start_and_stop
from bare.errors import MissingError


def main(arguments: argparse.Namespace) -> int:
    """Run the chosen command and return its exit status; one line says what is wrong."""
    handler = {
        "up": run_up,
        "down": run_down,
        "test": run_test,
        "logs": run_logs,
        "manage": run_manage,
    }
    interrupts.install()
    try:
        return handler[arguments.command](arguments)
    except (MissingError, OSError) as error:
        print(f"bellhop: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run_up(arguments: argparse.Namespace) -> int:
    print(
        "no Docker here: the same services as local processes, for a laptop or a test machine",
        flush=True,
    )
    url = start_and_stop.up()
    running = start_and_stop.variables()
    reach = published_address.reach(running.get("HTTP_BIND", ""), url, is_production=False)
    print(f"Port {running['HTTP_PORT']}: {reach}.")
    print(f"Bellhop is ready: {url}   sign in with demo / demo; stop with ./bellhop down")
    return 0


def run_down(arguments: argparse.Namespace) -> int:
    print("stopped" if start_and_stop.down(volumes=arguments.volumes) else "nothing is running")
    return 0


def run_test(arguments: argparse.Namespace) -> int:
    """Run what needs no container, and name what is left out."""
    was_running = start_and_stop.running()
    try:
        start_and_stop.up(tests=True)
        running = start_and_stop.variables()
        python = f"{running['BIN']}/python"
        environment = {
            **running,
            "BARE": "1",
            "GATEWAY": published_address.with_port(
                published_address.reachable(running.get("HTTP_BIND", "")), int(running["HTTP_PORT"])
            ),
            # Whatever proxy the shell names: what is tested is this machine.
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "*"),
            "ARTIFACTS": str(layout.ROOT / "tests/artifacts"),
            # `uv lock --check` looks for a Python, too.
            "UV_PYTHON": python,
            # As they are now, not when the stack was started.
            **{name: layout.settings().get(name, "") for name in ("TEST_ARGUMENTS", "TEST_EDITS")},
        }
        return _attached([python, "tests/run.py", *arguments.stage], layout.ROOT, environment)
    finally:
        if not was_running:
            start_and_stop.down()


def run_logs(arguments: argparse.Namespace) -> int:
    files = sorted((start_and_stop.state() / "log").glob("*.log"))
    if not files:
        raise MissingError("there are no logs yet: ./bellhop up")
    if not arguments.id:
        return _attached(["tail", "-n", "100", "-F", *map(str, files)], layout.ROOT, os.environ)
    lines = [line for file in files for line in file.read_text(errors="replace").splitlines()]
    found = request_story.tell(arguments.id, lines)
    print(*found or [f"no line with {arguments.id}"], sep=os.linesep)
    return 0 if found else 1


def run_manage(arguments: argparse.Namespace) -> int:
    """Run `manage.py` with `arguments.arguments`, as in the web service, on the caller's terminal."""
    if not start_and_stop.running():
        raise MissingError("nothing is running: ./bellhop up")
    running = start_and_stop.variables()
    terminal = {
        name: os.environ[name] for name in ("TERM", "COLUMNS", "LINES") if name in os.environ
    }
    command = [f"{running['BIN']}/python", "manage.py", *arguments.arguments]
    return _attached(command, layout.ROOT / "services/web", {**running, **terminal})


def _attached(command: list[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run a program on the caller's terminal and return its exit status; Ctrl-C lets it end by itself."""
    with subprocess.Popen(command, cwd=folder, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # A terminal has told it, too; `kill` has told us alone.
            if not sys.stdin.isatty():
                process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                process.kill()
            raise
