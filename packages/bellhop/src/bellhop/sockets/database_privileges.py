"""What a database role needs that only serves sockets: to read, and to have rows numbered. It writes nothing itself.

Tables and columns are those that `bellhop.sockets` and `bellhop.sessions` select. What a socket server causes to be
written is written by `bellhop_number()`, with the rights of the role that migrates.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from bellhop.models import Inbox, Notification, write_database
from bellhop.models.deleting.removal import Removal
from bellhop.sessions import stores, users

NUMBER: Final = "bellhop_number(uuid[])"
"""The function that numbers rows (migrations/0003_numbered_after_commit)."""


def statements(role: str) -> Iterator[str]:
    """Yield the SQL that lets a role, which exists, serve sockets. Said again, it changes nothing; it revokes nothing.

    For the owner of the tables to run. One query, for the schema that they are in; DatabaseError.
    """
    quote = write_database.connection().ops.quote_name
    with write_database.connection().cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    to = f"TO {sql.Identifier(role).as_string()}"
    yield f"GRANT USAGE ON SCHEMA {quote(schema)} {to}"
    for model in (Notification, Inbox, Removal, MigrationRecorder.Migration):
        yield f"GRANT SELECT ON {quote(model._meta.db_table)} {to}"
    needed = users.needed_columns()
    columns = f" ({', '.join(map(quote, needed))})" if needed else ""
    user: Any = get_user_model()
    for model in (*user._meta.all_parents, user):
        yield f"GRANT SELECT{columns} ON {quote(model._meta.db_table)} {to}"
    # Sessions of a cache, or of a place of the project's own, are not the database's business.
    if stores.are_beside_notifications() and (table := stores.session_table()):
        yield f"GRANT SELECT ON {table.name} {to}"
    yield f"GRANT EXECUTE ON FUNCTION {NUMBER} {to}"
