"""The commands of `./bellhop` on a host without Docker."""

import argparse
import os
import subprocess
import sys

from bare import host, stack


def main(arguments: argparse.Namespace) -> int:
    """Run the chosen command; one line says what is wrong."""
    handler = {"up": run_up, "down": run_down, "test": run_test, "logs": run_logs}
    try:
        return handler[arguments.command](arguments)
    except host.MissingError as error:
        print(f"bellhop: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run_up(arguments: argparse.Namespace) -> int:
    print("no Docker here: the same services as local processes, for a laptop or a test machine")
    url = stack.up()
    print(f"Bellhop is ready: {url}   sign in with demo / demo; stop with ./bellhop down")
    return 0


def run_down(arguments: argparse.Namespace) -> int:
    print("stopped" if stack.down() else "nothing is running")
    if arguments.volumes:
        stack.forget()
    return 0


def run_test(arguments: argparse.Namespace) -> int:
    """Run what needs no container, and name what is left out."""
    host.provide({**host.RUN, **host.TEST})
    was_running = stack.running(stack.state())
    stack.up(tests=True)
    running = stack.variables()
    python = f"{running['BIN']}/python"
    environment = {
        **running,
        "BARE": "1",
        "GATEWAY": f"127.0.0.1:{running['HTTP_PORT']}",
        "ARTIFACTS": str(host.ROOT / "tests/artifacts"),
        # `uv lock --check` looks for a Python, too.
        "UV_PYTHON": python,
    }
    command = [python, "tests/run.py", *arguments.stage]
    try:
        return subprocess.run(command, cwd=host.ROOT, env=environment, check=False).returncode
    finally:
        if not was_running:
            stack.down()


def run_logs(arguments: argparse.Namespace) -> int:
    files = [str(path) for path in sorted((stack.state() / "log").glob("*.log"))]
    if not files:
        raise host.MissingError("there are no logs yet: ./bellhop up")
    if arguments.id:
        found = subprocess.run(
            ["grep", "-h", "-F", arguments.id, *files], capture_output=True, text=True, check=False
        )
        print(*sorted(found.stdout.splitlines()), sep=os.linesep)
        return found.returncode
    return subprocess.run(["tail", "-n", "100", "-F", *files], check=False).returncode
