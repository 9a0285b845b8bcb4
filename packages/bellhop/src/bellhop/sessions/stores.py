"""Login sessions by their keys, many at once, decoded by the project's own store (SESSION_ENGINE).

Stores that keep their sessions in the database are read from there, also where a cache stands before it: a row that is
gone is the end of its session. Those of the cache alone are read from the cache. A store that finds its sessions in a
way of its own is asked for one after another.

Nothing here changes a session. Channels' own middleware deletes the row of one whose hash does not match, which would
sign people out after a change of SECRET_KEY.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.sessions.backends import cache as cache_engine
from django.contrib.sessions.backends import cached_db, db
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import caches
from django.db import DatabaseError, OperationalError, connections, router

from bellhop.models import write_database


class Stored(NamedTuple):
    """What a session holds, and what changes each time that its row is saved; 0 where it has no row."""

    data: Mapping[str, Any]
    version: int


@cache
def store() -> type[SessionBase]:
    """Return the class of the project's sessions."""
    found: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return found


def read(keys: Sequence[str]) -> dict[str, Stored]:
    """Return the sessions of those keys that have one which has not expired. Blocks.

    One query, or one question to the cache. DatabaseError where the database, or the cache, does not answer.
    """
    if (table := session_table()) is not None:
        return _from_rows(table, keys)
    try:
        if _loads_like(cache_engine.SessionStore):
            return _from_cache(keys)
        return _one_by_one(keys)
    except DatabaseError:
        raise
    except Exception as error:
        # A cache's own errors. Nobody's session is over because of them.
        raise OperationalError(f"the sessions do not answer: {error!r}") from error


class SessionTable(NamedTuple):
    """Where session rows are: the quoted name of the table, and the alias of its database."""

    name: str
    alias: str


@cache
def session_table() -> SessionTable | None:
    """Return the table of the sessions; None where they are not rows, or are found in a way of the store's own."""
    chosen: Any = store()
    if not any(map(_loads_like, (db.SessionStore, cached_db.SessionStore))):
        return None
    model = chosen.get_model_class()
    alias = router.db_for_write(model)
    return SessionTable(connections[alias].ops.quote_name(model._meta.db_table), alias)


def are_beside_notifications() -> bool:
    """Return whether one statement can ask for session rows and notifications together."""
    table = session_table()
    return table is not None and table.alias == write_database.alias()


def _loads_like(engine: Any) -> bool:
    """Return whether the project's store finds its sessions as one of Django's does."""
    chosen: Any = store()
    names = ("load", "_get_session_from_db", "cache_key")
    return issubclass(chosen, engine) and all(
        getattr(chosen, name, None) is getattr(engine, name, None) for name in names
    )


# xmin is the transaction that wrote the row as it is: another one after each save, whatever was saved.
_ROWS: Final = """
    SELECT session_key, session_data, xmin::text::bigint FROM {}
     WHERE session_key = ANY(%s) AND expire_date > now()
"""


def _from_rows(table: SessionTable, keys: Sequence[str]) -> dict[str, Stored]:
    with connections[table.alias].cursor() as cursor:
        cursor.execute(_ROWS.format(table.name), [list(keys)])
        found = cursor.fetchall()
    decode = store()().decode
    return {key: Stored(decode(data), version) for key, data, version in found}


def _from_cache(keys: Sequence[str]) -> dict[str, Stored]:
    chosen: Any = store()
    prefix: str = chosen.cache_key_prefix
    found = caches[settings.SESSION_CACHE_ALIAS].get_many([prefix + key for key in keys])
    return {
        key.removeprefix(prefix): Stored(data, 0)
        for key, data in found.items()
        if isinstance(data, Mapping)
    }


def _one_by_one(keys: Sequence[str]) -> dict[str, Stored]:
    return {key: Stored(data, 0) for key in keys if (data := store()(session_key=key).load())}
