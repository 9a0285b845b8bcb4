"""The database of a bench: made anew for each run."""

from django.core.management import call_command
from django.db import connection


def make_anew() -> None:
    """Drop the database that the settings name, if there is one, and make it with all tables, empty."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        quoted = connection.ops.quote_name(name)
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
    call_command("migrate", verbosity=0)
