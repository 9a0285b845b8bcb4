"""The static files in the volume that nginx serves: written by `migrate`, before the pages that name them.

In nginx's image they would make each changed style a new nginx, and while that is replaced nobody answers. In a volume
the files of the release before stay beside the new ones: a page that is open, or made by an old replica, finds its own.
"""

import json
import shutil
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/static")
"""Where the volume is in `migrate`."""

KEPT: Final = 5
"""Releases whose files stay: a page that is older was left open over as many updates."""

_RELEASES: Final = ".releases.json"


def publish(collected: Path, folder: Path = FOLDER) -> None:
    """Copy what `collectstatic` collected into the volume, and delete what none of the last releases had.

    Each file is there whole or not at all. Once more with the same files changes nothing.
    """
    names = sorted(
        str(path.relative_to(collected)) for path in collected.rglob("*") if path.is_file()
    )
    for name in names:
        _copy_whole(collected / name, folder / name)
    releases = [names, *(each for each in _read(folder / _RELEASES) if each != names)]
    kept = {name for each in releases[:KEPT] for name in each}
    for name in {name for each in releases for name in each} - kept:
        (folder / name).unlink(missing_ok=True)
    _write_whole(folder / _RELEASES, json.dumps(releases[:KEPT]))


def _copy_whole(source: Path, target: Path) -> None:
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}")
    shutil.copyfile(source, unfinished)
    unfinished.chmod(0o444)
    unfinished.replace(target)


def _read(path: Path) -> list[list[str]]:
    try:
        found: list[list[str]] = json.loads(path.read_text())
    except (OSError, ValueError):
        # Of a volume that is new, or of one somebody has been at: nothing is deleted by it.
        return []
    return found


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)
