"""`manage.py bellhop_notify USER "text"`: notify somebody from a shell; or all, a group, or whom a file names.

Ends with
0    all was sent, or had been sent before;
1    with one line: an argument is refused, a line of the file is bad (then nothing was sent), the database does not
     answer, migrations are missing;
3    with --skip-bad: there were bad lines, and the others were sent;
130  after Ctrl-C: the line says how far it came, and how to go on.

Waits for Redis publish_thread.FLUSH seconds at most.
"""

from argparse import ArgumentParser
from secrets import token_hex
from typing import Any, Final
from uuid import uuid4

import structlog
from django.core.management.base import BaseCommand, CommandError

from bellhop.bulk import people
from bellhop.bulk.arguments import arguments
from bellhop.bulk.dry_run import foreseen, refusal
from bellhop.bulk.files.checked import check
from bellhop.bulk.files.lines import FileError, opened
from bellhop.bulk.progress import Progress
from bellhop.bulk.run import Run
from bellhop.management.plain_errors import INTERRUPTED, in_one_line
from bellhop.notify import notify
from bellhop.ring import publish_thread

SKIPPED: Final = 3
"""The exit code where bad lines were passed over."""


class Command(BaseCommand):
    """Calls notify() and waits for its rings."""

    help = (
        'Save a notification and ring open browsers: USER "text", --all "text", --group NAME "text", or'
        " --file FILE. What goes to many can be interrupted: a repeat with the same --key sends what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "words", nargs="*", metavar="USER MESSAGE",
            help="user name or e-mail address, unless it goes to many; one line of plain text",
        )  # fmt: skip
        whom = parser.add_mutually_exclusive_group()
        whom.add_argument("--all", action="store_true", help="to all active users")
        whom.add_argument("--group", help="to the active users of this group")
        whom.add_argument(
            "--file",
            help="to whom this file says, - for standard input: CSV with a header, or a JSON object on each line, with"
            " user, message, body, url, kind, data, key, expires, thread. What it does not say, the options say",
        )
        parser.add_argument("--body", default="", help="more text, shown below the message")
        parser.add_argument(
            "--url", default="", help="where the notification leads: /path or https://…"
        )
        parser.add_argument("--kind", default="", help="its kind; message unless told")
        parser.add_argument("--thread", default="", help="what it belongs to")
        parser.add_argument("--data", default="", help='its facts as JSON: \'{"order": "7"}\'')
        parser.add_argument(
            "--expires",
            default="",
            help="when it is withdrawn: in 30m, 2h, 7d, or at a moment of ISO 8601",
        )
        parser.add_argument(
            "--key",
            help="a repeat with the same key changes nothing; of a file, begins the keys of lines that have none",
        )
        parser.add_argument(
            "--skip-bad",
            action="store_true",
            help="send the good lines of a file that has bad ones",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say to how many, and send nothing"
        )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser: Any = super().create_parser(prog_name, subcommand, **kwargs)
        # USER, an option, and then MESSAGE.
        parser.parse_args = parser.parse_intermixed_args
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        user, message = _words(options)
        try:
            # Of this call alone: another program may call it, too.
            with structlog.contextvars.bound_contextvars(request_id=uuid4().hex), in_one_line():
                given = _given(message, options)
                if options["file"] is not None:
                    self._to_file(given, options)
                elif user is None:
                    self._to_many(given, options)
                else:
                    self._to_one(user, given, options)
        except KeyboardInterrupt:
            raise CommandError("interrupted; nothing was sent", returncode=INTERRUPTED) from None

    def _to_one(self, called: str, given: dict[str, Any], options: dict[str, Any]) -> None:
        user = _found(people.find_user, called)
        name = user.get_username()
        if options["dry_run"]:
            self.stdout.write(foreseen(user, given))
            return
        try:
            row = notify(user, **given)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if getattr(row, "is_refused", False):
            self.stdout.write(f"not sent: {refusal(name, row.kind)}")
            return
        self.stdout.write(f"{row.pk} seq {row.seq} to {name}{self._late()}")

    def _to_many(self, given: dict[str, Any], options: dict[str, Any]) -> None:
        group = options["group"]
        users = people.everybody() if group is None else _found(people.members, group)
        given["key"] = key = _key(given)
        total = users.count()
        run = Run(Progress(self.stdout, total))
        self._say_key(key, total, options)
        self._do(run, lambda: run.to_users(users, given, dry_run=options["dry_run"]), key, options)

    def _to_file(self, given: dict[str, Any], options: dict[str, Any]) -> None:
        prefix = _key(given)
        given.pop("key", None)
        bad, dry_run = 0, options["dry_run"]
        try:
            with opened(options["file"]) as file:
                checking = Run(Progress(self.stdout, None))
                for found in checking.check_file(file, given, prefix):
                    bad += 1
                    self.stderr.write(f"line {found.line}: {found.why}")
                checking.end()
                if bad and not options["skip_bad"]:
                    raise CommandError(f"{bad:,} bad lines: nothing was sent")
                run = Run(Progress(self.stdout, checking.good))
                self._say_key(prefix, checking.good, options)
                self._do(
                    run, lambda: run.to_file(file, given, prefix, dry_run=dry_run), prefix, options
                )
        except FileError as error:
            raise CommandError(f"{options['file']}: {error}") from None
        if bad:
            raise CommandError(f"{bad:,} bad lines were passed over", returncode=SKIPPED)

    def _say_key(self, key: str, total: int, options: dict[str, Any]) -> None:
        """Say a key that nobody knows yet, before anything is sent: a process that is killed says nothing."""
        if options["key"] is None and total and not options["dry_run"]:
            self.stderr.write(f"to repeat: --key {key}", self.style.NOTICE)
            self.stderr.flush()

    def _do(self, run: Run, send: Any, key: str, options: dict[str, Any]) -> None:
        """Send, and say how many it were, or how to go on after what has broken off."""
        how = f"the same, with --key {key}"
        dry_run = options["dry_run"]
        try:
            send()
        except KeyboardInterrupt:
            run.end()
            raise CommandError(
                f"interrupted; {run.words(dry_run=dry_run)}. To go on: {how}",
                returncode=INTERRUPTED,
            ) from None
        except Exception:
            run.end()
            self.stderr.write(f"{run.words(dry_run=dry_run)}. To go on: {how}")
            raise
        run.end()
        self.stdout.write(f"{run.words(dry_run=dry_run)}{'' if dry_run else self._late()}")

    def _late(self) -> str:
        return "" if publish_thread.flush() else " (Redis does not answer: it arrives by the beat)"


def _words(options: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return user and message as they were given."""
    words = list(options["words"])
    is_many = options["all"] or options["group"] is not None or options["file"] is not None
    if not is_many and not words:
        raise CommandError("to whom? USER, --all, --group NAME or --file FILE")
    user = None if is_many else words.pop(0).strip()
    if len(words) > 1:
        raise CommandError(
            f"{words[-1]!r} is one word too many: put the message in quotation marks"
        )
    if options["skip_bad"] and options["file"] is None:
        raise CommandError("--skip-bad is for --file")
    message = words[0] if words else None
    if message is not None and not message.strip():
        raise CommandError("the message is empty")
    return user, message


def _given(message: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of notify() that the command line gives; checked, unless a file may say the rest."""
    try:
        given = arguments({**options, "message": message})
        if options["key"] is not None:
            given["key"] = options["key"]
        if options["file"] is None:
            check(given)
    except ValueError as error:
        raise CommandError(str(error)) from None
    return given


def _key(given: dict[str, Any]) -> str:
    """Return the key that was given, or a new one."""
    return str(given["key"]) if "key" in given else f"notify-{token_hex(6)}"


def _found(find: Any, name: str) -> Any:
    try:
        return find(name)
    except LookupError as error:
        raise CommandError(str(error)) from None
