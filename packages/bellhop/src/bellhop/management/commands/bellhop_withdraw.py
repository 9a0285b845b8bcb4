"""`manage.py bellhop_withdraw ID…` or `--key KEY`: take notifications back, as bellhop.recall.withdraw() does.

Ends with 0 also where there were none any more, and with 1 and one line where an argument is refused or the database
does not answer.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk.meant import meant
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.recall import withdraw
from bellhop.ring import publish_thread


class Command(BaseCommand):
    help = "Take notifications back: they are gone from every list, count and toast."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "ids", nargs="*", metavar="ID", help="the id of a notification; several may be named"
        )
        parser.add_argument("--key", help="all that were sent with this key, instead")
        parser.add_argument("--user", help="only this user's: a user name or e-mail address")
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many there are, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        try:
            with in_one_line():
                those = meant(options)
                if options["dry_run"]:
                    self.stdout.write(f"would withdraw {those.number():,}")
                    return
                for call in those.each():
                    done += withdraw(**call)
        except (ValueError, LookupError) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            words = f"interrupted; withdrew {done:,} at least: call it again to go on"
            raise CommandError(words, returncode=INTERRUPTED) from None
        rung = publish_thread.flush()
        late = "" if rung else " (Redis does not answer: open pages hear of it by the beat)"
        self.stdout.write(f"withdrew {done:,}{late}")
