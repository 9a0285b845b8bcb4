"""The npm packages that tests use: in the tests' image they are there, elsewhere they are installed here."""

import os
import subprocess
from pathlib import Path

from harness.counting import ROOT, output

FOLDERS = {
    "js": ROOT / "packages/bellhop/js",
    "libraries": ROOT / "packages/bellhop/tests/projects/libraries",
}
"""Where a package-lock.json is, by the name of the image's folder beside the others in NODE_PACKAGES."""


def install_missing() -> None:
    """Install what the lock files name, unless that is there; what fails says so itself, and to who needs it."""
    for name, folder in FOLDERS.items():
        if not (_is_in_image(name, folder) or _is_in(folder)):
            options = ["--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(["npm", "ci", *options], cwd=folder, check=False, stdout=output.get())


def _is_in_image(name: str, folder: Path) -> bool:
    place = Path(os.environ.get("NODE_PACKAGES", "/nonexistent")) / name
    lock = place / "package-lock.json"
    return lock.exists() and lock.read_text() == (folder / lock.name).read_text()


def _is_in(folder: Path) -> bool:
    # npm writes it at the end of each installation.
    written = folder / "node_modules/.package-lock.json"
    return (
        written.exists()
        and written.stat().st_mtime >= (folder / "package-lock.json").stat().st_mtime
    )
