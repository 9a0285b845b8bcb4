"""Pool and bounds for the connections of one process, on top of what a project's DATABASES says for all of them.

A socket server serves thousands of people on few connections: it must give up on a database that hangs, which a
project's pages may have good reasons not to. Its DATABASES stays as it is, whatever its ENGINE.
"""

from collections.abc import Collection
from typing import Any, Final

from django.db import connections
from django.db.utils import load_backend

from bellhop.conf import conf
from bellhop.database import timeouts
from bellhop.database.bounded_wrapper import bounded

_OURS: Final = ("pool", "lifts_bounds")


def bound_this_process(aliases: Collection[str]) -> None:
    """Have this process's connections to the databases of these aliases bounded from now on.

    To be called once, before any other thread asks a database. ValueError where an option cannot pass the pooler in
    front of the database (conf.DATABASE_POOLER).

    `connections.settings` and `connections.create_connection` are what Django's own handler goes by; neither is
    promised. tests/rows/database/test_bounds_of_this_process.py asks through them.
    """
    made: Any = connections
    for alias in aliases:
        if hasattr(made._connections, alias):
            made[alias].close()
            del made[alias]
        _change(made.settings[alias])

    def create_connection(alias: str) -> Any:
        given = made.settings[alias]
        wrapper = load_backend(given["ENGINE"]).DatabaseWrapper
        return (bounded(wrapper) if alias in aliases else wrapper)(given, alias)

    made.create_connection = create_connection


def _change(given: dict[str, Any]) -> None:
    is_pooled = conf.DATABASE_POOLER == "transaction"
    options = {name: value for name, value in given["OPTIONS"].items() if name not in _OURS}
    chosen = timeouts.options(options, bounded=True, pooler=is_pooled)
    chosen["pool"]["max_size"] = conf.DATABASE_CONNECTIONS
    # Kept between two questions by the pool, and by nothing else: under daphne that would leak.
    given.update({"OPTIONS": chosen, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False})
    if is_pooled:
        given["DISABLE_SERVER_SIDE_CURSORS"] = True
