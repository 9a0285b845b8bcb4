"""Tries the database: that it answers, how old it is, and that Bellhop's tables and functions are there."""

from collections.abc import Iterator
from typing import Final

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from bellhop.checks.database import OLDEST, POSTGRESQL_HINT, vendor_of
from bellhop.checks.running.findings import Finding, missing, ok
from bellhop.models import write_database

NUMBERING: Final = "bellhop_number(uuid[])"
"""The function of the database that gives notifications their numbers."""


def try_database() -> Iterator[Finding]:
    """Yield how the database of the notifications is. Raises what connecting to it raises."""
    alias = write_database.alias()
    kind = vendor_of(alias)
    if kind != "postgresql":
        yield missing(f"database {alias}: it is {kind}, not PostgreSQL. {POSTGRESQL_HINT}")
        return
    connection = connections[alias]
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    is_old = version // 10_000 < OLDEST
    say = missing if is_old else ok
    yield say(
        f"database {alias}: PostgreSQL {version // 10_000}.{version % 10_000}"
        + (f"; upgrade to {OLDEST} or later" if is_old else "")
    )
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes("bellhop")
    missing_ones = [
        migration.name
        for migration, _ in executor.migration_plan(targets)
        if migration.app_label == "bellhop"
    ]
    if missing_ones:
        option = "" if alias == "default" else f" --database {alias}"
        yield missing(f"migrations {', '.join(missing_ones)}: run python manage.py migrate{option}")
        return
    yield ok("migrations of bellhop: all applied")
    yield from _numbering(alias)


def _numbering(alias: str) -> Iterator[Finding]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege(to_regprocedure(%s), 'EXECUTE'), current_user",
            [NUMBERING],
        )
        may_call, role = cursor.fetchone()
    if may_call is None:
        yield missing(
            f"function {NUMBERING}: it was dropped, or its schema is not in the search_path. Run"
            " python manage.py sqlmigrate bellhop 0003 | python manage.py dbshell"
        )
    elif not may_call:
        yield missing(f"right to number: GRANT EXECUTE ON FUNCTION {NUMBERING} TO {role}")
    else:
        yield ok(f"function {NUMBERING}: there, and {role} may call it")
