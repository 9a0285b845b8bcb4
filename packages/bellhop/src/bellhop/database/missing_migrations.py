"""Which of this package's migrations have not been applied, asked beside the start of a process that needs them all."""

import threading
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable

from bellhop.database.away import AWAY
from bellhop.logs import get_logger
from bellhop.models import write_database

log = get_logger(__name__)

TRIES: Final = 12
PAUSE: Final = 5.0
"""Seconds between two tries, while the database is away: it may be started together with this process."""


def warn_meanwhile() -> None:
    """Log a warning if migrations are missing, as soon as the database answers within TRIES. Returns at once."""
    threading.Thread(target=_warn, name="bellhop-migrations", daemon=True).start()


def unapplied() -> list[str]:
    """Return the names of the migrations that are not applied. Raises DatabaseError.

    Not by Django's own loader: it would load the migrations of the whole project.
    """
    if "bellhop" in settings.MIGRATION_MODULES:
        return []
    try:
        with write_database.connection().cursor() as cursor:
            cursor.execute("SELECT name FROM django_migrations WHERE app = 'bellhop'")
            applied = {name for (name,) in cursor.fetchall()}
    except DatabaseError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        applied = set()
    folder = Path(__file__).parents[1] / "migrations"
    return sorted({path.stem for path in folder.glob("0*.py")} - applied)


def are_missing_by(error: DatabaseError) -> bool:
    """Return whether a statement failed because something is not there that migrations would have made."""
    return isinstance(error.__cause__, UndefinedTable | UndefinedColumn | UndefinedFunction)


def line_to_write() -> str:
    """Return the command that applies them."""
    alias = write_database.alias()
    return "python manage.py migrate" + ("" if alias == "default" else f" --database {alias}")


def _warn() -> None:
    for _ in range(TRIES):
        try:
            names = unapplied()
        except AWAY:
            # Whoever needs the database says so in the log.
            names = None
        except Exception as error:
            # A role that may not read that table, for one: it is a warning's business to disturb nobody.
            log.debug("migrations_unknown", error=" ".join(str(error).split()))
            return
        finally:
            connections.close_all()
        if names is None:
            time.sleep(PAUSE)
            continue
        if names:
            log.warning("migrations_missing", names=" ".join(names), note=f"run {line_to_write()}")
        return
