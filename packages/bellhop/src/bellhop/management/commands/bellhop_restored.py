"""`manage.py bellhop_restored`: once after the database was put back from a backup, before anything uses it.

Whoever was connected before may know notifications and read marks that the backup does not hold. Numbers that were
given to those must not be given again: every inbox goes on above them, and who knows one of them is told to fetch the
list. Ends with 1 and one line where migrations are missing or the database does not answer.
"""

from typing import Any

from django.core.management.base import BaseCommand

from bellhop.management.plain_errors import in_one_line
from bellhop.models import Inbox


class Command(BaseCommand):
    help = (
        "After a backup was restored, and before web and sockets use the database: have each person's numbers go on"
        " above all that were given before."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with in_one_line():
            count = Inbox.go_on_after_restore()
        self.stdout.write(f"{count:,} inboxes go on above what was given before the restore")
