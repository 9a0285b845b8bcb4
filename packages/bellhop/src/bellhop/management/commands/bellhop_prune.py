"""`manage.py bellhop_prune`: delete what is kept no longer, in small batches, now.

The worker, or `manage.py bellhop_work`, does the same once an hour by what is declared. Ends with 1 and one line where
an argument is refused or the database does not answer, with 130 after Ctrl-C: what was done stays, a repeat goes on.
"""

from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk.progress import Progress
from bellhop.kinds import registry
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.retention import expired_sessions, rules
from bellhop.retention.batches import AT_ONCE
from bellhop.retention.prune import prune
from bellhop.ring import publish_thread


class Command(BaseCommand):
    help = (
        "Delete notifications that are kept no longer: by what their kinds and BELLHOP declare, or by --days and"
        " --newest instead. Open pages drop them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", help="of this kind alone")
        parser.add_argument("--days", type=float, help="what is older, whatever is declared")
        parser.add_argument(
            "--newest", type=int, help="all but so many of each person, whatever is declared"
        )
        parser.add_argument(
            "--batch", type=int, default=AT_ONCE,
            help=f"rows that are deleted in one transaction; {AT_ONCE} unless told, and at most",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many there are, and delete nothing"
        )
        parser.add_argument(
            "--sessions", action="store_true",
            help="delete expired sessions, too, and what the project prunes with them",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        self._done = Counter[str]()
        self._word = "would delete" if options["dry_run"] else "deleted"
        with in_one_line(is_done=" (what was deleted stays so: call it again to go on)"):
            try:
                self._prune(_rules(options), options)
            except ValueError as error:
                raise CommandError(f"--batch: {error}") from None
            except KeyboardInterrupt:
                self._say_counts()
                raise CommandError(
                    "interrupted; what was deleted stays so: call it again to go on",
                    returncode=INTERRUPTED,
                ) from None

    def _prune(self, chosen: list[rules.Rule], options: dict[str, Any]) -> None:
        if not chosen:
            self.stdout.write(
                'nothing says how long notifications are kept: BELLHOP["KEEP_DAYS"], BELLHOP["KEEP_NEWEST"], a kind,'
                " --days or --newest would"
            )
        progress = Progress(self.stdout, None)

        def tell(done: Counter[str]) -> None:
            self._done = done
            progress.tell(done.total())

        prune(chosen, dry_run=options["dry_run"], progress=tell, at_once=options["batch"])
        self._say_counts()
        kind = options["kind"]
        is_unknown = kind is not None and not registry.is_declared(registry.find(kind))
        if is_unknown and not self._done.total():
            self.stderr.write(f"no kind {kind!r} is declared", self.style.NOTICE)
        if options["sessions"] and not options["dry_run"]:
            count = sum(expired_sessions.clear())
            words = "expired sessions (and what the project prunes with them)"
            self.stdout.write(f"{words}: deleted {count:,}")
        publish_thread.flush()

    def _say_counts(self) -> None:
        for kind, count in sorted(self._done.items()):
            self.stdout.write(f"{kind}: {self._word} {count:,}")
        # Of one kind it would be said twice.
        if len(self._done) != 1:
            self.stdout.write(f"{self._word} {self._done.total():,}")


def _rules(options: dict[str, Any]) -> list[rules.Rule]:
    days, newest = options["days"], options["newest"]
    # Not below zero: a timedelta that Python cannot hold, or what is yet to come.
    if days is not None and not 0 <= days <= 100_000:
        raise CommandError("--days: a number from 0 to 100,000")
    if newest is not None and newest < 0:
        raise CommandError("--newest: a whole number from 0")
    keep = None if days is None else timedelta(days=days)
    try:
        return rules.chosen(options["kind"], keep=keep, newest=newest)
    except LookupError as error:
        raise CommandError(f"--kind: {error} with --newest") from None
