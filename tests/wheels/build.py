"""Building the package's wheel and sdist."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "packages/bellhop"


def uv() -> list[str]:
    """Return the command uv: the one on the path, or else this Python's own."""
    found = shutil.which("uv")
    return [found] if found else [sys.executable, "-m", "uv"]


def build(folder: Path) -> tuple[Path, Path]:
    """Build the package into `folder`; return its wheel, which is made from the sdist, and the sdist.

    Without network: uv is the build backend itself, as long as its version is in the range of `build-system`.
    RuntimeError with what uv said when it does not build.
    """
    done = subprocess.run(
        [*uv(), "build", "--offline", "--no-index", "--out-dir", str(folder), str(PACKAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return wheel, sdist
