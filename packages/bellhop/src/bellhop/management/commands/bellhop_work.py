"""`manage.py bellhop_work`: looks after what is due where no Celery worker does; `--once` for cron.

Any number of them may run. SIGTERM ends it after the batch that is under way. As `bellhop_ws` does, it says when it
begins and when it has ended, where the project's logs do not (`due_started`, `due_stopped`).
"""

import signal
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from bellhop.conf import conf
from bellhop.database import missing_migrations
from bellhop.database.away import AWAY
from bellhop.due.loop import Loop
from bellhop.due.runner import Runner
from bellhop.logs import shows_info
from bellhop.ring import publish_thread

LOOP: Final = Loop.__module__
"""The logger of its infos."""


class Command(BaseCommand):
    help = (
        "Look after what is due: expiries, summaries, and what is kept no longer. A Celery worker that knows"
        " bellhop.tasks does it by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now, and end; for cron"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        loop = Loop()
        before = {
            number: signal.signal(number, lambda *_: loop.stop())
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            if options["once"]:
                self._once(loop)
            else:
                seconds = f"{conf.WORK_SECONDS:g} s"
                self._say_unlogged(f"bellhop_work: looking for what is due every {seconds}")
                loop.run()
                self._say_unlogged("bellhop_work: stopped")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            publish_thread.flush()

    def _once(self, loop: Loop) -> None:
        runner, expired, summed_up, pruned = Runner(lambda: loop.is_stopping), 0, 0, 0
        try:
            while True:
                done = runner.run_once()
                expired, summed_up = expired + done.expired, summed_up + done.summed_up
                pruned += done.pruned
                if (done.is_all and done.is_pruned) or loop.is_stopping:
                    break
        except AWAY as error:
            raise CommandError(f"the database does not answer: {str(error).strip()}") from None
        except ProgrammingError as error:
            if not missing_migrations.are_missing_by(error):
                raise
            what = str(error).partition("\n")[0]
            raise CommandError(f"{what}: run {missing_migrations.line_to_write()}") from None
        self._say(f"expired {expired:,}; summed up {summed_up:,}; pruned {pruned:,}")

    def _say_unlogged(self, line: str) -> None:
        if not shows_info(LOOP):
            self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        # Into a pipe it would wait for the lines behind it.
        self.stdout.flush()
