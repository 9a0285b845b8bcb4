"""`manage.py bellhop_export USER`: everything that is stored about one person, as JSON.

Ends with 1 and one line where there is no such user, the file cannot be written or the database does not answer; then
the file is not there, or as it was before.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk.people import find_user
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.retention.person import export


class Command(BaseCommand):
    help = "Write what is stored about one person as JSON: notifications, preferences, what was refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name or e-mail address")
        parser.add_argument("--output", default="-", help="a file; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        with in_one_line():
            try:
                user = find_user(options["user"].strip())
                with self._open(options["output"]) as write:
                    for piece in export(user):
                        write(piece)
            except LookupError as error:
                raise CommandError(str(error)) from None
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror or error}") from None
            except KeyboardInterrupt:
                raise CommandError("interrupted", returncode=INTERRUPTED) from None

    @contextmanager
    def _open(self, name: str) -> Iterator[Any]:
        if name == "-":
            yield lambda piece: self.stdout.write(piece, ending="")
            self.stdout.flush()
            return
        whole = Path(name)
        # Of somebody's private messages nobody else shall read, and half of them is no export.
        partial = whole.with_name(f"{whole.name}.partial")
        partial.touch(mode=0o600)
        try:
            with partial.open("w", encoding="utf-8", newline="\n") as file:
                yield file.write
            partial.replace(whole)
        finally:
            partial.unlink(missing_ok=True)
        self.stderr.write(f"written to {whole}")
