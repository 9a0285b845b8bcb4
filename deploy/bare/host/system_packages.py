"""The packages and the Python that a host needs: finds them, and installs what is missing where that is possible."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bare import interrupts
from bare.errors import MissingError

PYTHON_MIN = (3, 12)

# The program that must be there, and the Debian package that brings it.
RUN = {
    "postgres": "postgresql",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "setpriv": "util-linux",
}
TEST = {"chromium": "chromium", "pgbouncer": "pgbouncer"}

_POLICY = Path("/usr/sbin/policy-rc.d")
_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
_POLICY_TEXT = "#!/bin/sh\n# Only while `./bellhop` installs packages: their servers are not to start.\nexit 101\n"


def find(program: str) -> str | None:
    """Return the path of a program, PostgreSQL's among them, which Debian keeps off the PATH."""
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=_numbers, reverse=True
    )
    return (
        shutil.which(program)
        or next(map(str, newest_first), None)
        or shutil.which(f"/usr/sbin/{program}")
    )


def missing(programs: dict[str, str]) -> list[str]:
    """Return the Debian packages to install; MissingError, with all of it, where we cannot."""
    packages = [package for program, package in programs.items() if not find(program)]
    wanted = ".".join(map(str, PYTHON_MIN))
    no_python = f"Python {wanted} or newer is needed, and none is active, on the PATH or kept by pyenv or uv"
    has_python = bool(python())
    # Debian's own Python comes without what makes virtual environments.
    if not has_python and shutil.which("apt-get") and sys.version_info >= PYTHON_MIN:
        packages.append("python3-venv")
        has_python = True
    can_install = shutil.which("apt-get") and os.geteuid() == 0
    if packages and not can_install:
        names = " ".join(packages)
        what = f"run: sudo apt-get install {names}"
        if not shutil.which("apt-get"):
            absent = " ".join(program for program in programs if not find(program))
            what = f"these programs are missing: {absent} (on Debian the packages {names})"
        raise MissingError(what if has_python else f"{what}; then: {no_python}")
    if not has_python:
        raise MissingError(no_python)
    return packages


def install(packages: list[str]) -> None:
    """Install Debian packages as root, without the servers and the cluster they would start."""
    if not packages:
        return
    print(f"installing {' '.join(packages)}", flush=True)
    # One that was broken off may have left it behind.
    if not _POLICY.exists() or _POLICY.read_text() == _POLICY_TEXT:
        _POLICY.write_text(_POLICY_TEXT)
        _POLICY.chmod(0o755)
    if not _CLUSTER.exists():
        _CLUSTER.parent.mkdir(exist_ok=True)
        _CLUSTER.write_text("create_main_cluster = false\n")
    try:
        # Ends at once where nothing is half installed.
        _run("dpkg", "--configure", "-a")
        # It succeeds where it could fetch nothing, and warns.
        offline = "Failed to fetch" in _run("apt-get", "update", "-qq")
        hint = "; is there a network? apt-get update could not fetch everything" if offline else ""
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, hint=hint)
    finally:
        if _POLICY.exists() and _POLICY.read_text() == _POLICY_TEXT:
            _POLICY.unlink()


def _run(*command: str, hint: str = "") -> str:
    """Run one step of an installation and return what it said; `hint` ends the line that says it failed."""
    # In a session of its own and to its end: Ctrl-C would leave packages half installed.
    with interrupts.deferred("stopping as soon as these packages are installed"):
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["without a word"]
        raise MissingError(f"{' '.join(command[:2])} failed: {last[0]}{hint}")
    return done.stdout + done.stderr


def python() -> str | None:
    """Return a Python that is new enough and can make environments.

    The active one, one on the PATH, or one that pyenv or uv keeps, the newest first.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = [
        *pyenv.glob("versions/3.*/bin/python"),
        *Path.home().glob(".local/share/uv/python/cpython-3.*/bin/python"),
    ]
    candidates = [
        sys.executable,
        *(found for minor in range(15, 11, -1) if (found := shutil.which(f"python3.{minor}"))),
        *map(str, sorted(kept, key=_numbers, reverse=True)),
    ]
    return next(filter(is_usable, candidates), None)


def is_usable(interpreter: str) -> bool:
    """Return whether a Python is new enough and can make environments."""
    # A pyenv shim is there for versions that are not active, too, and fails when it is run.
    code = "import sys, ensurepip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [interpreter, "-c", code], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0 and tuple(map(int, done.stdout.split())) >= PYTHON_MIN


def _numbers(path: Path) -> tuple[int, ...]:
    """Return the version in the name of the folder that an installation is in."""
    return tuple(map(int, re.findall(r"\d+", path.parent.parent.name)))
