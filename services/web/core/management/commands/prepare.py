"""`manage.py prepare`: what the one-shot `migrate` service runs before anything else starts."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Apply migrations; in development also make the account demo / demo."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            # What bounds a request must not break off the migration of a large table.
            cursor.execute("SET statement_timeout = 0")
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        users = get_user_model()._default_manager
        if settings.DEBUG and not users.filter(username="demo").exists():
            users.create_user("demo", "demo@example.com", "demo")
            self.stdout.write("development account: demo / demo")
