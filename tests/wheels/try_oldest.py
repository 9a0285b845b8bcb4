"""Run the package's own tests on the oldest releases of everything that its ranges allow.

    DATABASE_URL=… REDIS_URL=… python tests/wheels/try_oldest.py [PYTHON]

PYTHON is 3.12 unless told, and must be on this machine. DATABASE_URL names a PostgreSQL whose role may make databases;
the tests make theirs, by fixed names. Needs uv and a registry of packages. Exit 1 where a test failed.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wheels.build import PACKAGE, ROOT, uv

PARTS = {"rows": "stack.settings", "sockets": "sockets.settings"}
"""The package's tests that need its settings alone, and which those are."""

TOOLS = ("pytest", "hypothesis", "httpx", "dj-database-url")
"""What the tests need beside the package; here its newest releases will do."""


def main(python: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        install(folder, python)
        statuses = [run_tests(folder, part) for part in PARTS]
        return 1 if any(statuses) else 0


def install(folder: str, python: str) -> None:
    """Make an environment in `folder`: the oldest direct dependencies, extras included, and the tools of the tests."""
    check([*uv(), "venv", "--quiet", "--python", python, folder])
    into = [*uv(), "pip", "install", "--quiet", "--python", folder]
    oldest = ["--resolution", "lowest-direct", "--all-extras"]
    check([*into, *oldest, "--requirements", str(PACKAGE / "pyproject.toml")])
    check([*into, *(text for text in tools() if text.startswith(TOOLS))])
    check([*uv(), "pip", "freeze", "--python", folder])


def tools() -> list[str]:
    """Return what the tests of this repository ask for."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    stack = tomllib.loads((ROOT / "packages/stack/pyproject.toml").read_text())["project"]
    named = [*groups["test"], *groups["bench"], *stack["dependencies"]]
    return [text for text in named if isinstance(text, str)]


def run_tests(folder: str, part: str) -> int:
    """Run one part of the package's tests; return pytest's exit status."""
    print(f"\n=== {part}", flush=True)
    sources = [str(ROOT / f"packages/{name}/src") for name in ("bellhop", "stack")]
    return subprocess.run(
        [f"{folder}/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=PACKAGE / "tests" / part,
        env={
            **os.environ,
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(sources),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": PARTS[part],
            "DEBUG": "true",
        },
        check=False,
    ).returncode


def check(command: list[str]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2] or ["3.12"]))
