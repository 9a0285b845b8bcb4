"""`manage.py prepare`: what the one-shot `migrate` service runs before anything else starts."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from bellhop import database, environment
from core.usersessions import forget_expired


class Command(BaseCommand):
    help = "Apply migrations, delete expired sessions; in development make the account demo / demo."

    def handle(self, *args: Any, **options: Any) -> None:
        _connect()
        if settings.DATABASE_POOLER == "transaction":
            self._check_bounds()
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        forget_expired()
        users = get_user_model()._default_manager
        if settings.DEBUG and not users.filter(username="demo").exists():
            users.create_user("demo", "demo@example.com", "demo")
            self.stdout.write("development account: demo / demo")

    def _check_bounds(self) -> None:
        """Say what the role lacks behind a pooler: the services cannot set it there."""
        with connection.cursor() as cursor:
            missing = database.missing_bounds(cursor)
        if missing:
            role = connection.settings_dict["USER"]
            self.stdout.write(
                "DATABASE_POOLER: nothing on the server ends a statement that takes too long; run: "
                + " ".join(
                    f"ALTER ROLE {role} SET {name} = {database.SERVER_BOUNDS[name] * 1000:.0f};"
                    for name in missing
                )
            )


def _connect() -> None:
    """Connect to the database, or end with one line that names the variable to look at."""
    variable = "DATABASE_URL" if environment.text("DATABASE_URL") else "POSTGRES_PASSWORD"
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        if "authentication failed" not in reason:
            environment.refuse("DATABASE_URL", f"the database does not answer: {reason}")
        if variable == "POSTGRES_PASSWORD":
            reason = (
                "the database was made with another one, which it keeps. Put that one back, or change the"
                " database's (ALTER ROLE bellhop PASSWORD '…'), or delete all data: ./bellhop down --volumes"
            )
        environment.refuse(variable, reason)
