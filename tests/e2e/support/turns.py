"""Which of several runs beside each other has which test file: whichever comes to it first.

Each run has a stack of its own, and all of them one folder, TURNS, in which the first to make a file's entry has that
file. Without TURNS there is one run, and it has them all.
"""

import os
from functools import cache
from pathlib import Path

_FOLDER = os.environ.get("TURNS")

IS_GIVEN = not os.environ.get("STACK_BESIDE")
"""Whether this run's stack is the one that somebody started, not one that was made like it."""

GIVEN_ONLY = "operation"
"""The room about the stack as it was started: its published port, its reloaders, its one-shots."""

ONE_TURN = ("scaling",)
"""Rooms whose files stay together: they share what takes long to set up."""

LONGEST_FIRST = (
    "scaling",
    "test_slow_readers",
    "test_database_away",
    "test_restarts",
    "test_sessions",
    "test_readiness",
    "test_plain_client",
    "test_redis_is_disposable",
    "test_browser",
    "test_abuse",
)
"""What takes minutes begins first, so that the runs end together; the others come as they are collected."""


def turn(file: Path) -> str:
    """Return the name of what a run has as a whole: a file, or a room."""
    return file.parent.name if file.parent.name in ONE_TURN else file.stem


def order(file: Path) -> int:
    """Return a file's place among the others: what only this run can do, then the longest, then the rest."""
    if IS_GIVEN and file.parent.name == GIVEN_ONLY:
        return -1
    return LONGEST_FIRST.index(turn(file)) if turn(file) in LONGEST_FIRST else len(LONGEST_FIRST)


def is_ours(file: Path) -> bool:
    """Return whether this run has that file; whoever asks first has it."""
    if not _FOLDER:
        return True
    if file.parent.name == GIVEN_ONLY:
        return IS_GIVEN
    return _is_first(turn(file))


def note(test: str) -> None:
    """Say which test this run is at, for whoever waits for it."""
    if _FOLDER:
        (Path(_FOLDER) / f"{os.environ['LANE']}.now").write_text(test)


@cache
def _is_first(name: str) -> bool:
    try:
        (Path(str(_FOLDER)) / name).mkdir()
    except FileExistsError:
        return False
    return True
