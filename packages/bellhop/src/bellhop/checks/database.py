"""Checks the database of the notifications: PostgreSQL 15 or later, by psycopg 3, and the users' own."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import NotSupportedError, connections, router

from bellhop.checks.carefully import SERVER, registered
from bellhop.models import write_database

OLDEST: Final = 15
"""Of the versions of PostgreSQL."""

POSTGRESQL_HINT: Final = (
    'Write into the settings: DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", …}},'
    " or a router that sends the app bellhop, and the users, to such a database."
)


@registered(SERVER)
def database(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error where the database's kind or driver cannot be. Does not connect."""
    alias = write_database.alias()
    vendor = vendor_of(alias)
    if vendor != "postgresql":
        yield Error(
            f"Bellhop's database, {alias!r}, is {vendor}; it must be PostgreSQL.",
            hint=POSTGRESQL_HINT,
            id="bellhop.E001",
        )
    elif not has_psycopg_3():
        yield Error(
            "PostgreSQL is talked to by psycopg2; Bellhop needs psycopg 3.",
            hint='pip install "psycopg[binary,pool]": Django prefers it to psycopg2.',
            id="bellhop.E002",
        )


@registered(SERVER)
def database_routers(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error where users are kept in another database than their notifications."""
    alias = write_database.alias()
    try:
        users = router.db_for_write(get_user_model())
    except ImproperlyConfigured:
        # Django says itself that there is no such model.
        return
    if users != alias:
        yield Error(
            f"A router sends users to the database {users!r} and notifications to {alias!r}.",
            hint=f"Let the router's db_for_write() return {users!r} for the app bellhop as well.",
            id="bellhop.E004",
        )


@registered(Tags.database)
def database_version(databases: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for a PostgreSQL that is too old. Connects, where the database may be asked."""
    alias = write_database.alias()
    if alias not in databases or vendor_of(alias) != "postgresql":
        return
    version = 0
    try:
        connections[alias].ensure_connection()
        version = connections[alias].pg_version // 10_000  # type: ignore[attr-defined]
    except NotSupportedError as error:
        # This Django's own minimum.
        yield _too_old(" ".join(str(error).split()))
    except DatabaseError:
        # Whoever asked for the database says that it is away.
        return
    if 0 < version < OLDEST:
        yield _too_old(f"It is PostgreSQL {version}.")


def vendor_of(alias: str) -> str:
    """Return the kind of a database, as Django calls it, without connecting: also where its driver is missing."""
    try:
        return str(connections[alias].vendor)
    except (ImproperlyConfigured, ImportError):
        engine = str(settings.DATABASES[alias].get("ENGINE", ""))
        kind = engine.removesuffix(".base").rpartition(".")[2]
        return "postgresql" if kind in ("postgresql", "postgis") else kind


def has_psycopg_3() -> bool:
    """Return whether Django talks to PostgreSQL by psycopg 3."""
    try:
        from django.db.backends.postgresql.psycopg_any import is_psycopg3
    except ImportError:
        return False
    return bool(is_psycopg3)


def _too_old(what: str) -> Error:
    return Error(
        f"Bellhop needs PostgreSQL {OLDEST} or later. {what}",
        hint=f"Upgrade the server to PostgreSQL {OLDEST} or later.",
        id="bellhop.E003",
    )
