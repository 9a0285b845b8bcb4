"""What a command that fails says: one line, never a traceback for what somebody can mend."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.management.base import CommandError
from django.db import ProgrammingError

from bellhop.database import missing_migrations
from bellhop.database.away import AWAY

INTERRUPTED: Final = 130
"""How a shell tells that somebody has pressed Ctrl-C."""


@contextmanager
def in_one_line(*, is_done: str = "") -> Iterator[None]:
    """Make a CommandError of one line of a database that is away and of missing migrations; `is_done` follows it."""
    try:
        yield
    except AWAY as error:
        words = " ".join(str(error).split())
        raise CommandError(f"the database does not answer: {words}{is_done}") from None
    except ProgrammingError as error:
        if not missing_migrations.are_missing_by(error):
            raise
        what = str(error).partition("\n")[0]
        raise CommandError(f"{what}: run {missing_migrations.line_to_write()}") from None
