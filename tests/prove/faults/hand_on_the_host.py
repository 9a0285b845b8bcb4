"""What only the host can do for a run: Compose is not in the tests' image. It is asked by files in the report's folder.

`./bellhop prove --updates` does what is asked (deploy/verbs/prove_updates.py), and nothing but the steps it knows.
"""

import asyncio
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 600.0
"""Seconds for one step; a build and a rolling update of everything take some forty."""


@dataclass(frozen=True)
class Done:
    """Exit status and last lines of a step, and when it began and ended in seconds since the epoch."""

    status: int
    output: str
    began: float
    ended: float


async def ask(step: str) -> Done:
    """Have the host do a step, "up", "deploy" or "broken deploy"; TimeoutError when it does not answer."""
    folder = Path(os.environ.get("REPORT") or "/report")
    asked, answered = folder / "asked.json", folder / "answered.json"
    answered.unlink(missing_ok=True)
    began = time.time()
    unfinished = asked.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"step": step}))
    unfinished.replace(asked)
    deadline = time.monotonic() + PATIENCE
    while not answered.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the host has not done within {PATIENCE:.0f} s: {step}")
        await asyncio.sleep(0.2)
    found = json.loads(answered.read_text())
    return Done(found["status"], found["output"], began, time.time())
