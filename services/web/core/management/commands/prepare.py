"""`manage.py prepare`: the one-shot `migrate` service's work, before any service that uses the database starts."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from bellhop.database import timeouts
from config import sizes
from core import database_roles, redis_users
from core.accounts.signed_in_devices_page import forget_expired
from core.pages import static_files_for_nginx
from stack import environment

BESIDES: Final = 18
"""Connections that one ws (10) and one worker (8) may open."""


class Command(BaseCommand):
    help = (
        "Apply migrations, make who the services are to PostgreSQL and Redis, give nginx the static files, delete"
        " expired sessions."
    )

    # Half a second (2 cores, 2026-11-28) for which visitors would wait in an update, to look at code that was tested.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEBUG:
            self.check()
        _connect()
        _refuse_too_few_connections()
        if settings.DATABASE_POOLER == "transaction":
            self._check_bounds()
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        database_roles.make()
        redis_users.make()
        # In development an edited style comes from web.
        if static_files_for_nginx.FOLDER.is_dir() and not settings.DEBUG:
            static_files_for_nginx.publish(Path(settings.STATIC_ROOT))
        forget_expired()
        users = get_user_model()._default_manager
        if settings.DEBUG and not users.filter(username="demo").exists():
            users.create_user("demo", "demo@example.com", "demo")
            self.stdout.write("development account: demo / demo")

    def _check_bounds(self) -> None:
        """Print the bounds that the role lacks behind a pooler, where the services cannot set them."""
        with connection.cursor() as cursor:
            missing = timeouts.missing_bounds(cursor)
        if missing:
            role = connection.settings_dict["USER"]
            self.stdout.write(
                "DATABASE_POOLER: nothing on the server ends a statement that takes too long; run: "
                + " ".join(
                    f"ALTER ROLE {role} SET {name} = {timeouts.SERVER_BOUNDS[name] * 1000:.0f};"
                    for name in missing
                )
            )


def _connect() -> None:
    """Connect to the database, or end with one line that names the variable to look at."""
    urls = ("DATABASE_OWNER_URL", "DATABASE_URL")
    variable = next(filter(environment.text, urls), "POSTGRES_PASSWORD")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        if "authentication failed" not in reason:
            environment.refuse("DATABASE_URL", f"the database does not answer: {reason}")
        if variable == "POSTGRES_PASSWORD":
            reason = (
                "the database was started with another one; it takes the new one as it starts:"
                " docker compose restart db"
            )
        environment.refuse(variable, reason)


def _refuse_too_few_connections() -> None:
    """End with one line where the database lets in fewer than one of each service may open."""
    if environment.text("DATABASE_POOLER") == "transaction":
        return  # It shares the database's connections out itself.
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (limit,) = cursor.fetchone()
    needed = sizes.connections() + BESIDES
    if needed > limit:
        environment.refuse(
            "WEB_PROCESSES",
            f"with WEB_THREADS={sizes.threads()} web, ws and worker may open {needed} connections, and the database"
            f" lets in {limit} (its max_connections)",
        )
