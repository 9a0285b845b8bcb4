"""`manage.py bellhop_ws`: the socket server of a project that uses this package.

In its own process it puts a pool, and bounds on waiting, on top of the project's DATABASES. It answers SIGTERM by
telling each socket to come back later (1012), and ends within ten seconds.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandError

from bellhop.checks.carefully import SERVER
from bellhop.server.open_port import open_port


class Command(BaseCommand):
    help = "Serve the sockets, and plain HTTP health checks beside them."
    # All of them would load the project's pages, at every start of every replica; the migration runs them once.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104
        parser.add_argument("--port", type=int, default=8001, help="port to listen on")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_what_cannot_work()
        try:
            listening = open_port(options["host"], options["port"])
        except OSError as error:
            raise CommandError(f"cannot listen: {error}") from error
        # Only now: it loads most of the program.
        try:
            from bellhop.server.start import serve
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing not in ("autobahn", "daphne", "twisted"):
                raise
            raise CommandError(
                f'{missing} is not installed: pip install "django-bellhop[ws]"'
            ) from error
        serve(listening, self._show)

    def _refuse_what_cannot_work(self) -> None:
        """Raise CommandError where no socket can be served with these settings. Loads nothing; takes half a ms."""
        errors = [
            f"{error.id}: {error.msg} {error.hint or ''}".strip()
            for error in run_checks(tags=[SERVER])
            if error.level >= ERROR and not error.is_silenced()
        ]
        if errors:
            raise CommandError("\n".join(errors))

    def _show(self, line: str) -> None:
        self.stdout.write(line)
        # Into a pipe or a file it would wait for the lines behind it.
        self.stdout.flush()
