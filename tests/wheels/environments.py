"""Clean environments of a Python of one's choice: of this machine, or else a container."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wheels.build import ROOT, uv

PASSED_ON: Final = ("DATABASE_URL", "REDIS_URL")
QUIET: Final = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")


class MissingPythonError(Exception):
    """This machine has no such Python, and why."""


@dataclass(frozen=True)
class Environment:
    """A Python with nothing installed, of which `name` says where it came from."""

    name: str
    _python: tuple[str, ...]
    _install: tuple[str, ...]

    def install(self, *requirements: str) -> None:
        """Install from the registry, or wheels by their paths. RuntimeError with the installer's words."""
        done = _run([*self._install, *requirements])
        if done.returncode != 0:
            raise RuntimeError(done.stdout)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run this Python with this folder's modules at hand, and what PASSED_ON names."""
        return _run([*self._python, *arguments])


@contextmanager
def environment(python: str, folder: Path) -> Iterator[Environment]:
    """Give a clean environment of this Python, which can read `folder`. MissingPythonError where there is none."""
    found = _run([*uv(), "python", "find", "--no-project", "--no-python-downloads", python])
    if found.returncode == 0:
        yield _local(found.stdout.strip().splitlines()[-1], folder)
        return
    image = f"python:{python}-slim"
    if not shutil.which("docker") or _run(["docker", "image", "inspect", image]).returncode:
        raise MissingPythonError(f"neither a Python {python} on this machine nor the image {image}")
    container = f"bellhop-wheels-{uuid.uuid4().hex[:8]}"
    options = ["--detach", "--rm", "--name", container, "--network", "host"]
    shared = [f"--volume={path}:{path}:ro" for path in (folder, ROOT / "tests/wheels")]
    named = [f"--env={name}" for name in PASSED_ON]
    paths = [f"--env=PYTHONPATH={ROOT / 'tests'}", "--env=PYTHONDONTWRITEBYTECODE=1"]
    started = _run(["docker", "run", *options, *shared, *named, *paths, image, "sleep", "infinity"])
    if started.returncode != 0:
        raise MissingPythonError(f"{image} does not start: {started.stdout.strip()}")
    inside = ("docker", "exec", container)
    try:
        yield Environment(
            f"image {image}", (*inside, "python"), (*inside, "pip", "install", *QUIET)
        )
    finally:
        _run(["docker", "rm", "--force", container])


def _local(interpreter: str, folder: Path) -> Environment:
    """Return an environment of an interpreter of this machine."""
    place = folder / "environment"
    made = _run([*uv(), "venv", "--quiet", "--python", interpreter, str(place)])
    if made.returncode != 0:
        raise RuntimeError(made.stdout)
    install = (*uv(), "pip", "install", "--quiet", "--python", str(place))
    return Environment("this machine's", (str(place / "bin/python"),), install)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # What the caller's shell has set for its own environment stays out of the clean one.
    theirs = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE"}
    inherited = {name: value for name, value in os.environ.items() if name not in theirs}
    return subprocess.run(
        command,
        env={**inherited, "PYTHONPATH": str(ROOT / "tests"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
