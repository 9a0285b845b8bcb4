"""What a host must have, and how it gets it: system packages, a Python, uv, the environment."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON_MIN = (3, 12)
UV = "uv==0.13.9"

# The program that must be there, and the Debian package that brings it.
RUN = {"postgres": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}
TEST = {"chromium": "chromium", "node": "nodejs"}


class MissingError(Exception):
    """Something is not there and cannot be installed from here; the text says what to do."""


def find(program: str) -> Optional[str]:
    """Return the path of a program, PostgreSQL's among them, which Debian keeps off the PATH."""
    newest_first = sorted(
        map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), reverse=True
    )
    return (
        shutil.which(program)
        or next(iter(newest_first), None)
        or shutil.which(f"/usr/sbin/{program}")
    )


def provide(programs: "dict[str, str]") -> None:
    """Install what is missing, as root on Debian; elsewhere say exactly what to install."""
    missing = [package for program, package in programs.items() if not find(program)]
    if not missing:
        return
    names = " ".join(missing)
    if os.name == "nt":
        raise MissingError("on Windows Bellhop runs in Docker Desktop: install it and try again")
    if not shutil.which("apt-get"):
        raise MissingError(f"install what Debian calls: {names}")
    if os.geteuid() != 0:
        raise MissingError(f"needed and not installed; run: sudo apt-get install {names}")
    print(f"installing {names}", flush=True)
    _install(missing)


def _install(packages: "list[str]") -> None:
    # Debian would make a cluster and start each server: we want the programs only.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    cluster = Path("/etc/postgresql-common/createcluster.conf")
    if not cluster.exists():
        cluster.parent.mkdir(exist_ok=True)
        cluster.write_text("create_main_cluster = false\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(
                ["apt-get", *command], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise MissingError(
                    f"apt-get {command[0]} failed:\n{(done.stdout + done.stderr)[-2000:]}"
                )
    finally:
        if ours:
            policy.unlink()


def python() -> str:
    """Return a Python of at least 3.12: the active one, one on the PATH, or one that pyenv keeps."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [sys.executable]
    candidates += [
        found for minor in range(15, 11, -1) if (found := shutil.which(f"python3.{minor}"))
    ]
    candidates += sorted(
        map(str, pyenv.glob("versions/3.*/bin/python")), key=_version_in_path, reverse=True
    )
    for candidate in candidates:
        if _version(candidate) >= PYTHON_MIN:
            return candidate
    wanted = ".".join(map(str, PYTHON_MIN))
    raise MissingError(
        f"Python {wanted} or newer is needed; none is active, on the PATH, or under {pyenv}"
    )


def _version_in_path(path: str) -> "tuple[int, ...]":
    return tuple(map(int, re.findall(r"\d+", path.rpartition("/versions/")[2].partition("/")[0])))


def _version(interpreter: str) -> "tuple[int, ...]":
    # A pyenv shim is there for versions that are not active, too, and fails when it is run.
    code = "import sys, ensurepip; print(*sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else (0,)


def environment(state: Path, *, tests: bool) -> Path:
    """Make or update the virtual environment from the lock file; return its folder of programs."""
    tools, venv = state / "tools", state / "venv"
    uv = tools / "bin/uv"
    if not uv.exists():
        print("preparing uv", flush=True)
        _run([sys.executable, "-m", "venv", str(tools)])
        _run([str(tools / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", UV])
    groups = ["--group", "bare", "--group", "reload", *(["--group", "test"] if tests else [])]
    print("preparing the environment", flush=True)
    _run(
        [str(uv), "sync", "--quiet", "--frozen", "--all-packages", *groups],
        UV_PROJECT_ENVIRONMENT=str(venv),
        UV_PYTHON=python(),
        UV_PYTHON_DOWNLOADS="never",
        UV_LINK_MODE="copy",
    )
    return venv / "bin"


def _run(command: "list[str]", **variables: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MissingError(
            f"{' '.join(command[:3])} failed:\n{(done.stdout + done.stderr)[-2000:]}"
        )
