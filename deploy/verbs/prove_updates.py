"""The host's hand in `./bellhop prove --updates`: it changes a copy of the code, and updates the stack to it.

The tests' container has no Compose. It asks by a file in the report's folder, for one step after the other
(tests/prove/faults/hand_on_the_host.py). Python's standard library only, 3.9 or newer, as all of the door.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STEPS = ("up", "deploy", "broken deploy")
CHANGED = "packages/bellhop/src/bellhop/contract.py"
"""In every image, and what is added to it changes nothing."""

BROKEN = "services/ws/core/consumers.py"


@contextmanager
def answering(copy: Path, environment: "dict[str, str]", report: Path) -> "Iterator[None]":
    """Do what is asked for in the report's folder, with the clone in `copy`, until the end."""
    is_over = threading.Event()
    asked, answered = report / "asked.json", report / "answered.json"
    for left in (asked, answered):
        left.unlink(missing_ok=True)

    def serve() -> None:
        count = 0
        while not is_over.wait(0.2):
            if not asked.exists():
                continue
            step = json.loads(asked.read_text())["step"]
            asked.unlink()
            count += 1
            answer = {"status": 2, "output": f"unknown: {step}"}
            if step in STEPS:
                answer = _do(step, count, copy, environment, report)
            unfinished = answered.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(answer))
            unfinished.replace(answered)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _do(
    step: str, count: int, copy: Path, environment: "dict[str, str]", report: Path
) -> "dict[str, object]":
    """Change the copy and update the stack to it; return exit status and last lines."""
    with (copy / CHANGED).open("a") as changed:
        changed.write(f"# Update {count}.\n")
    command = [sys.executable, "bellhop", "deploy"]
    if step == "up":
        command = ["docker", "compose", "up", "--detach", "--build"]
    broken = copy / BROKEN
    before = broken.read_text()
    if step == "broken deploy":
        broken.write_text(before + '\nraise RuntimeError("this update is broken")\n')
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    finally:
        broken.write_text(before)
    with (report / "updates.txt").open("a") as log:
        log.write(f"== {step}: {done.returncode}\n{done.stdout}\n")
    return {"status": done.returncode, "output": "\n".join(done.stdout.splitlines()[-3:])}
