"""`manage.py bellhop_erase USER`: delete what is stored about one person; the account stays.

Asks first; without a terminal that can be asked it needs --yes. Ends with 1 and one line where there is no such user,
nobody said yes or the database does not answer: what was done stays, and a repeat finishes it.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk.people import find_user
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.models import Notification, Preferences, Refusal, write_database
from bellhop.retention.person import erase
from bellhop.ring import publish_thread


class Command(BaseCommand):
    help = "Delete the notifications and preferences of one person, for good. Open pages drop them. The account stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name or e-mail address")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what there is, and delete nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = " (what was deleted stays so: call it again to finish)"
        with in_one_line(is_done=done):
            try:
                user = find_user(options["user"].strip())
                if options["dry_run"]:
                    self.stdout.write(f"would erase {_stored(user)} of {user.get_username()}")
                    return
                if not options["yes"]:
                    self._ask(user)
                count = erase(user)
            except LookupError as error:
                raise CommandError(str(error)) from None
            except KeyboardInterrupt:
                raise CommandError(f"interrupted{done}", returncode=INTERRUPTED) from None
        rung = publish_thread.flush()
        late = "" if rung else " (Redis does not answer: open pages hear of it by the beat)"
        self.stdout.write(f"erased {count:,} notifications of {user.get_username()}{late}")

    def _ask(self, user: Any) -> None:
        if not sys.stdin.isatty():
            raise CommandError("nobody is here to be asked: say --yes")
        name = user.get_username()
        answer = input(f"Delete {_stored(user)} of {name} for good? Write the name again: ")
        if answer.strip() != name:
            raise CommandError("nothing was deleted")


def _stored(user: Any) -> str:
    """Return in words what erase() deletes. Three queries."""
    alias = write_database.alias()
    rows = Notification.objects.using(alias).filter(recipient=user.pk).count()
    chosen = Preferences._default_manager.using(alias).filter(pk=user.pk).exists()
    refused = Refusal._default_manager.using(alias).filter(user=user.pk).count()
    preferences = "the preferences" if chosen else "no preferences"
    return f"{rows:,} notifications, {preferences} and {refused:,} counts of what was refused"
