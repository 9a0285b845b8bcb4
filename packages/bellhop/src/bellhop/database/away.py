"""A PostgreSQL that is away: its exceptions, and what is logged and answered then."""

from typing import Final

from django.db import InterfaceError, OperationalError

from bellhop.database.timeouts import availability
from bellhop.logs import get_logger

log = get_logger(__name__)

AWAY: Final = (OperationalError, InterfaceError)
"""Raised where PostgreSQL is lost, hangs or is overloaded: not reached, no answer, cancelled after its time."""

RETRY_AFTER: Final = 5
"""Seconds after which a client shall come again; what nginx says, too, when it cannot reach web."""


def log_error(error: Exception) -> None:
    """Log why a request could not be answered, unless the whole database is away: `database_lost` has said that."""
    if not availability.is_lost:
        log.warning("database_error", error=" ".join(str(error).split()))
