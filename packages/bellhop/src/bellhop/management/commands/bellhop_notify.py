"""`manage.py bellhop_notify USER "text"`: notify somebody from a shell.

Ends with 1 and one line where the user is unknown, an argument is refused, migrations are missing or the database does
not answer. Waits for Redis publish_thread.FLUSH seconds at most.
"""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

import structlog
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.db.models import Q

from bellhop.database import missing_migrations
from bellhop.database.away import AWAY
from bellhop.models.user_fields import email_field
from bellhop.notify import notify
from bellhop.ring import publish_thread


class Command(BaseCommand):
    """Calls notify() and waits for its ring."""

    help = "Save a notification for a user and ring their open browsers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name or e-mail address")
        parser.add_argument("message", help="one line of plain text")
        parser.add_argument("--body", default="", help="more text, shown below the message")
        parser.add_argument(
            "--url", default="", help="where the notification leads: /path or https://…"
        )
        parser.add_argument("--key", help="a repeat with the same key changes nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._notify(options)
        except AWAY as error:
            raise CommandError(f"the database does not answer: {str(error).strip()}") from None
        except ProgrammingError as error:
            if not missing_migrations.are_missing_by(error):
                raise
            what = str(error).partition("\n")[0]
            raise CommandError(f"{what}: run {missing_migrations.line_to_write()}") from None

    def _notify(self, options: dict[str, Any]) -> None:
        structlog.contextvars.bind_contextvars(request_id=uuid4().hex)
        user = self._user(options["user"].strip())
        if not options["message"].strip():
            raise CommandError("the message is empty")
        try:
            row = notify(
                user,
                options["message"],
                body=options["body"],
                url=options["url"],
                key=options["key"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from None
        rung = publish_thread.flush()
        late = "" if rung else " (Redis does not answer: it arrives by the beat)"
        self.stdout.write(f"{row.pk} seq {row.seq} to {user.get_username()}{late}")

    def _user(self, name: str) -> AbstractBaseUser:
        model: Any = get_user_model()
        named = Q(**{model.USERNAME_FIELD: name})
        if (email := email_field()) is not None:
            named |= Q(**{f"{email}__iexact": name})
        # One person's name may be another's address: then it is not certain who is meant.
        found = list(model._default_manager.filter(named)[:2]) if name else []
        if not found:
            raise CommandError(f"there is no user {name!r}")
        if len(found) > 1:
            raise CommandError(f"{name!r} is the name or address of more than one user")
        return found[0]
