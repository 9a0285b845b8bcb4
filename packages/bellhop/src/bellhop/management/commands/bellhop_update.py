"""`manage.py bellhop_update ID` or `--key KEY`: let notifications say something else, as bellhop.recall.update() does.

Ends with 0 also where there were none any more, and with 1 and one line where an argument is refused or the database
does not answer.
"""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk.arguments import data, moment
from bellhop.bulk.meant import meant
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.recall import update
from bellhop.ring import publish_thread

NEVER: Final = "never"


class Command(BaseCommand):
    help = "Change what notifications say, in every list and toast; what is not given stays. Nothing pops up again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="?", metavar="ID", help="the id of the notification")
        parser.add_argument("--key", help="all that were sent with this key, instead")
        parser.add_argument("--user", help="only this user's: a user name or e-mail address")
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many there are, and change nothing"
        )
        parser.add_argument("--message", help="one line of plain text; empty: as its kind makes it")
        parser.add_argument("--body", help="more text, shown below the message; empty: none")
        parser.add_argument("--url", help="where it leads: /path or https://…; empty: nowhere")
        parser.add_argument("--data", help='its facts as JSON: \'{"order": "7"}\'')
        parser.add_argument(
            "--expires", help=f"when it is withdrawn: in 30m, 2h, 7d, at a moment of ISO 8601, or {NEVER}"
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with in_one_line():
                those, changed = meant(options), _changed(options)
                if options["dry_run"]:
                    self.stdout.write(f"would update {those.number():,}")
                    return
                done = sum(update(**call, **changed) for call in those.each())
        except (ValueError, LookupError) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            words = "interrupted; call it again to go on"
            raise CommandError(words, returncode=INTERRUPTED) from None
        rung = publish_thread.flush()
        late = "" if rung else " (Redis does not answer: open pages hear of it by the beat)"
        self.stdout.write(f"updated {done:,}{late}")


def _changed(options: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of update() that are given: an empty text is one, too."""
    found = {
        name: options[name] for name in ("message", "body", "url") if options[name] is not None
    }
    if options["data"] is not None:
        found["data"] = data(options["data"])
    if options["expires"] is not None:
        found["expires"] = None if options["expires"] == NEVER else moment(options["expires"])
    if not found:
        raise ValueError("name what shall change: --message, --body, --url, --data or --expires")
    return found
