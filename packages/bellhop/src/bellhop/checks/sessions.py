"""Checks where login sessions are kept: the socket server must be able to look each of them up, and to see it end."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends import cache, db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cached_db import SessionStore as CachedDatabaseStore
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from bellhop.checks.carefully import SERVER, registered

SHARED: Final = "django.core.cache.backends.redis.RedisCache"


def session_store() -> type[SessionBase] | None:
    """Return the class of the project's session store; None where there is none."""
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore
    except Exception:
        return None
    return store if isinstance(store, type) and issubclass(store, SessionBase) else None


@registered(SERVER)
def session_engine(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for a store that a socket server cannot use."""
    store = session_store()
    # cached_db's is one of db's.
    if store is None or not issubclass(store, db.SessionStore | cache.SessionStore):
        yield Error(
            f"SESSION_ENGINE is {settings.SESSION_ENGINE!r}: a socket server cannot look up"
            " its sessions, nor see that one has ended.",
            hint='Write into the settings: SESSION_ENGINE = "django.contrib.sessions.backends.db"'
            " (or cached_db, or cache, or an engine whose SessionStore inherits one of theirs).",
            id="bellhop.E021",
        )


@registered(SERVER)
def session_cache(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield what is wrong with a cache that holds sessions and is no other process's."""
    store, backend = session_store(), _cache_class()
    if store is None or backend is None:
        return
    alias = settings.SESSION_CACHE_ALIAS
    hint = f'Write into the settings: CACHES = {{"{alias}": {{"BACKEND": "{SHARED}", "LOCATION": "redis://…"}}}}'
    if issubclass(store, cache.SessionStore) and issubclass(backend, LocMemCache | DummyCache):
        yield Error(
            f"Sessions are kept in the cache {alias!r}, a {backend.__name__}: no other process sees them.",
            hint=hint,
            id="bellhop.E022",
        )
    elif issubclass(store, CachedDatabaseStore) and issubclass(backend, LocMemCache):
        yield Warning(
            f"Sessions are cached in {alias!r}, a {backend.__name__} of each process's own: a session that has"
            " ended goes on in other web processes, though its sockets are closed.",
            hint=hint,
            id="bellhop.W021",
        )


def _cache_class() -> type | None:
    try:
        found = import_string(settings.CACHES[settings.SESSION_CACHE_ALIAS]["BACKEND"])
    except Exception:
        # A cache that cannot be had stops the project by itself.
        return None
    return found if isinstance(found, type) else None
