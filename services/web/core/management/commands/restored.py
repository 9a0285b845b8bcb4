"""`manage.py restored DATABASE`: make a database ready that was restored from a backup, beside the one in use.

As the owner, on the stack's own server: `docker compose run --rm --no-deps migrate python manage.py restored NAME`.
`./bellhop restore` does, before it lets the services at it.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from core import database_roles


class Command(BaseCommand):
    help = (
        "Apply the migrations that a restored database lacks, let the services' roles at it, and have its numbers go on"
        " above those of before."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("database", help="its name, on the server of the stack's own")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.settings_dict["NAME"] = options["database"]
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(str(error).strip().splitlines()[-1]) from None
        _refuse_newer()
        call_command("migrate", interactive=False, verbosity=0)
        database_roles.make()
        call_command("bellhop_restored")


def _refuse_newer() -> None:
    """End with one line where the backup has migrations that this code does not know."""
    loader = MigrationLoader(connection)
    unknown = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]
    if unknown:
        raise CommandError(
            f"the backup is of a newer version, with the migration {unknown[0]}: update this one first"
        )
