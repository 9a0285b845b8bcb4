"""Every folder is a room: a reader sees at one glance what is in it."""

import os

import pytest
from conftest import REPOSITORY

MOST = 10

NAMED_BY_OTHERS = {
    ".": "git, Docker, Compose, uv and whoever looks for a README",
    "packages/bellhop/src/bellhop": "Django: apps, models, admin, routing, tasks",
    "packages/bellhop/src/bellhop/management/commands": "Django: each file is a command",
    "packages/bellhop/src/bellhop/migrations": "Django: each file is a step, and none may go",
    "services/web/templates/account": "allauth",
    "docs/decisions": "a log: it grows at its end",
}
"""Folders that may hold more, and whose names are in them."""

MADE = {"__pycache__", "artifacts", "node_modules", "prove-report", "results"}
"""Folders of what is made and not kept, beside those that begin with a dot."""


def _folders() -> dict[str, list[str]]:
    """Return the names of the files in each folder of this repository, by the folder's path."""
    found = {}
    for folder, inner, files in os.walk(REPOSITORY):
        inner[:] = [name for name in inner if name not in MADE and not name.startswith(".")]
        found[os.path.relpath(folder, REPOSITORY)] = files
    return found


FOLDERS = _folders()


@pytest.mark.parametrize("folder", sorted(set(FOLDERS) - set(NAMED_BY_OTHERS)))
def test_a_folder_holds_no_more_than_ten_files(folder: str) -> None:
    assert len(FOLDERS[folder]) <= MOST, sorted(FOLDERS[folder])


@pytest.mark.parametrize("folder", NAMED_BY_OTHERS)
def test_an_exception_is_needed(folder: str) -> None:
    assert len(FOLDERS[folder]) > MOST
