"""The roles of the stack's own database: who may do what there.

`bellhop` owns it and is used by `migrate` alone. `bellhop_application`, of web and worker, reads and writes rows.
`bellhop_reader`, of ws, reads what a socket needs. Both have passwords that nobody chose, in volumes of their services.
"""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from bellhop.sockets import database_privileges
from stack import environment, server_urls
from stack.secrets import credentials
from stack.secrets.credentials import FOLDER

APPLICATION: Final = "bellhop_application"
READER: Final = "bellhop_reader"
USERS: Final = {"web": APPLICATION, "worker": APPLICATION, "ws": READER}
"""Which service connects as which role."""

_MAY_NOT: Final = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"

_APPLICATION: Final = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    # UPDATE: `loaddata` sets where they go on.
    "GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # Which migrations were applied is the owner's to say.
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    f"GRANT EXECUTE ON FUNCTION {database_privileges.NUMBER} TO {{role}}",
    # Of tables that a later `migrate` makes.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, UPDATE ON SEQUENCES TO {role}",
)
# What PostgreSQL lets everybody do who may log in.
_NOBODY: Final = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
    "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC",
    f"REVOKE EXECUTE ON FUNCTION {database_privileges.NUMBER} FROM PUBLIC",
    # Large objects: rows that anybody could write, of any size.
    "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC",
)


def make() -> None:
    """Make the roles or give them their passwords and privileges anew, as the owner; once more changes nothing.

    Where DATABASE_URL names another database, its roles are its administrator's business: the one of
    DATABASE_READER_URL is given what it needs, and nothing where there is none.
    """
    if environment.text("DATABASE_READER_URL"):
        _let_read(server_urls.database("DATABASE_READER_URL", default_password="")["USER"])
    elif not environment.text("DATABASE_URL") and all((FOLDER / name).is_dir() for name in USERS):
        _make_own(_passwords())


def _let_read(role: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in database_privileges.statements(role):
                cursor.execute(statement)
    except ProgrammingError as error:
        environment.refuse("DATABASE_READER_URL", str(error).partition("\n")[0])


def _make_own(passwords: dict[str, str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for role, password in passwords.items():
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
            cursor.execute(
                sql.SQL("{} ROLE {} {} PASSWORD {}").format(
                    verb, sql.Identifier(role), sql.SQL(_MAY_NOT), sql.Literal(password)
                )
            )
        for statement in _privileges():
            cursor.execute(statement)


def _passwords() -> dict[str, str]:
    """Return the roles' passwords, made where a service has none yet."""
    found: dict[str, str] = {}
    for service, role in USERS.items():
        path = FOLDER / service / "database"
        found[role] = credentials.made_once(path, role, found.get(role)).password
    if (FOLDER / "tests").is_mount():
        # Whoever tests makes databases of its own.
        owner = settings.DATABASES["default"]
        credentials.made_once(FOLDER / "tests" / "database", owner["USER"], owner["PASSWORD"])
    return found


def _privileges() -> Iterator[str]:
    quote = connection.ops.quote_name
    names = {"role": APPLICATION, "database": quote(settings.DATABASES["default"]["NAME"])}
    for statement in (*_NOBODY, *_APPLICATION):
        yield statement.format(**names)
    # First nothing: a column that ws no longer reads is no longer its to read.
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {READER}"
    yield from database_privileges.statements(READER)
