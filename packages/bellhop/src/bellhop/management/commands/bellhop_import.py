"""`manage.py bellhop_import django-notifications-hq`: take over what another notification app has saved.

Nothing rings. A repeat imports nothing twice, and finishes what broke off. Ends with 1 and one line where the table is
not there or the database does not answer.
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, reset_queries

from bellhop.importing.django_notifications_hq.columns import KIND, PREFIX, compose, key_of
from bellhop.importing.django_notifications_hq.table import NAME, SourceRow, Table, TableError
from bellhop.importing.django_notifications_hq.things import find_things
from bellhop.importing.save import known, save_without_ringing
from bellhop.importing.undo import delete_imported, imported
from bellhop.models import user_key
from bellhop.ring import publish_thread

SOURCES: Final = ("django-notifications-hq",)

EVERY: Final = 5.0
"""Seconds between two lines of progress."""


class Command(BaseCommand):
    help = (
        "Take over the notifications of another app, without ringing for what is old. Import before the pages have"
        " a bell: to a tab that is open, what is unread is news."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=SOURCES, help="the app that they come from")
        parser.add_argument(
            "--table", default=NAME, help=f"where the app's model was swapped; {NAME} unless told"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and write nothing"
        )
        parser.add_argument("--undo", action="store_true", help="delete what was imported")

    def handle(self, *args: Any, **options: Any) -> None:
        self._said = monotonic()
        try:
            if options["undo"]:
                self._undo(dry_run=options["dry_run"])
            else:
                self._import(options["table"], dry_run=options["dry_run"])
        except TableError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            line = " ".join(str(error).split())
            raise CommandError(f"{line} (what was done stays: call it again to go on)") from None
        except KeyboardInterrupt:
            raise CommandError("interrupted; what was done stays: call it again to go on") from None

    def _import(self, name: str, *, dry_run: bool) -> None:
        table, done = Table(name), Counter[str]()
        total = table.count()
        self.stdout.write(f"{name}: {total:,} rows")
        for sources in table.rows():
            done["seen"] += len(sources)
            for line in self._take(name, sources, done, dry_run=dry_run):
                self.stdout.write(line)
            self._progress(f"{done['seen']:,} of {total:,}")
        self.stdout.write(
            f"{'would import' if dry_run else 'imported'} {done['imported']:,};"
            f" there already: {done['known']:,};"
            f" recipient gone: {done['nobody']:,}; mended: {done['mended']:,}"
        )

    def _take(
        self, name: str, sources: Sequence[SourceRow], done: Counter[str], *, dry_run: bool
    ) -> Iterator[str]:
        """Import some rows and yield a line for each that is not as it was. Counts in `done`."""
        places = [(user_key.from_sql(row.recipient_id), key_of(name, row.id)) for row in sources]
        found = known(places)
        fresh = []
        for source, place in zip(sources, places, strict=True):
            if place in found.places:
                done["known"] += 1
            elif place[0] not in found.recipients:
                done["nobody"] += 1
                yield f"row {source.id}: not imported: there is no user {place[0]}"
            else:
                fresh.append((source, place))
        named = {thing for source, _ in fresh for thing in _named(source) if thing is not None}
        things = find_things(named)
        rows = []
        for source, (recipient_id, key) in fresh:
            row, mended = compose(source, things, key=key, recipient_id=recipient_id)
            rows.append(row)
            done["mended"] += bool(mended)
            for words in mended:
                yield f"row {source.id}: {words}"
        done["imported"] += len(rows) if dry_run or not rows else save_without_ringing(rows)

    def _undo(self, *, dry_run: bool) -> None:
        total = imported(KIND, PREFIX).count()
        if dry_run:
            self.stdout.write(f"would delete {total:,}")
            return
        done = 0
        for deleted in delete_imported(KIND, PREFIX):
            done += deleted
            self._progress(f"{done:,} of {total:,}")
        publish_thread.flush()
        self.stdout.write(f"deleted {done:,}")

    def _progress(self, line: str) -> None:
        # With DEBUG, Django keeps each statement, rows and all.
        reset_queries()
        if monotonic() - self._said >= EVERY:
            self._said = monotonic()
            self.stdout.write(line)
            self.stdout.flush()


def _named(source: SourceRow) -> tuple[Any, ...]:
    return (source.actor, source.action_object, source.target)
