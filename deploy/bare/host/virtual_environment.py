"""The virtual environment of the services, from the one lock file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bare import interrupts
from bare.errors import MissingError
from bare.host import system_packages
from bare.layout import ROOT

UV = "uv==0.13.9"


def prepare(state: Path, *, tests: bool) -> None:
    """Make or update the environment in `state`; with `tests` it holds their tools, too."""
    tools, venv = state / "tools", state / "venv"
    log = state / "log/install.log"
    log.parent.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    with _whole(tools):
        uv = tools / "bin/uv"
        if not uv.exists():
            print("preparing uv", flush=True)
            _run("uv", log, _python(venv), "-m", "venv", "--clear", str(tools))
            pip = [str(tools / "bin/pip"), "--quiet", "--disable-pip-version-check"]
            _run("uv", log, *pip, "install", "--retries", "2", UV)
    with _whole(venv):
        print("preparing the environment", flush=True)
        groups = ["--group", "bare", "--group", "reload"]
        # Without `tests` their tools stay where they are: a run of them may be using it.
        groups += ["--group", "test"] if tests else ["--inexact"]
        _run(
            "the Python packages",
            log,
            *(str(uv), "sync", "--quiet", "--frozen", "--all-packages", *groups),
            UV_PROJECT_ENVIRONMENT=str(venv),
            UV_PYTHON=_python(venv),
            UV_PYTHON_DOWNLOADS="never",
            UV_LINK_MODE="copy",
            # A company's own authority is in the system's store, and not in uv's.
            UV_SYSTEM_CERTS="true",
        )


def _python(venv: Path) -> str:
    """Return the Python to use: the environment's while it works, since another would make it anew."""
    made_with = str(venv / "bin/python")
    found = made_with if system_packages.is_usable(made_with) else system_packages.python()
    if not found:
        raise MissingError("no Python is new enough")
    return found


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """Begin anew what an interrupt has left half made: it may look complete."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    if unfinished.exists():
        shutil.rmtree(folder, ignore_errors=True)
    unfinished.touch()
    try:
        yield
    except MissingError:
        # A tool that fails on its own account leaves what was there before.
        unfinished.unlink()
        raise
    unfinished.unlink()


def _run(what: str, log: Path, *command: str, **variables: str) -> None:
    """Run one step of an installation; MissingError with one line if it fails, the rest in `log`."""
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = interrupts.run(command, cwd=ROOT, env={**inherited, **variables})
    if done.returncode == 0:
        return
    with log.open("a") as file:
        file.write(f"$ {' '.join(command)}\n{done.stdout}")
    raise MissingError(f"{what} could not be installed: {_reason(done.stdout)} (details: {log})")


def _reason(said: str) -> str:
    """Return in one line why an installation failed that said so in many."""
    text = said.lower()
    if "certificate" in text:
        return "this machine does not trust the package index's certificate"
    if any(
        word in text for word in ("connection", "resol", "network", "dns", "timed out", "fetch")
    ):
        return "no package index answers; is there a network?"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "without a word"
