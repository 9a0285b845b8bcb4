"""`bellhop restore`: a backup takes the place of the stack's own database, which stays beside it under another name.

Everything that can fail happens in a second database, while the services go on with the first. Then both change their
names in one transaction: whoever interrupts this, at whatever moment, has the one or the other.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import sys
import time
from pathlib import Path

from verbs import production
from verbs.database import commands, dump_file
from verbs.database.commands import EXEC, ONCE, OWNER, FailedError, RefusedError, ask, sql, step

NEW = "bellhop_restored"
SERVICES = ("web", "worker", "ws")
"""Who uses the database. nginx goes on, and says that the site is away."""

PG_RESTORE = ("pg_restore", OWNER, "--exit-on-error", "--no-owner", "--no-privileges")
"""On a new volume the roles are missing: `restored` makes them, and says who may do what."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to the door's parser."""
    parser.add_argument("file", metavar="FILE", help="a backup, or a dump that pg_dump made")
    parser.add_argument(
        "--yes", metavar="PROJECT", help="replace production's without asking: its project's name"
    )


def main(arguments: argparse.Namespace) -> int:
    """Check, restore beside, exchange; return 0 if the stack runs with what the backup holds."""
    path = Path(arguments.file)
    try:
        database = commands.configured()
        is_running = commands.is_running()
        reader = (*EXEC, "pg_restore") if is_running else (*ONCE, "pg_restore", "db")
        dump_file.check(path, reader)
        print(f"{path} could be read whole.")
        # Where there is no volume yet, nothing is replaced.
        is_new = not is_running and not commands.has_volume(database)
        if (database.is_production and not is_new) and not production.is_meant(
            database.project,
            arguments.yes,
            asks=f"This replaces production's database by {path}; what it holds now is put aside, under another name",
            nothing="nothing was restored",
            otherwise="production's database is replaced with",
        ):
            return 1
        replicas = commands.replicas(SERVICES)
        if not is_running:
            # The password of a new volume is not to be a placeholder.
            step("run", "--rm", "--no-deps", "preflight")
            step("up", "--detach", "--wait", "db")
        count = load(path)
        put_aside = exchange()
    except (RefusedError, FailedError) as error:
        return commands.refuse(error)
    except KeyboardInterrupt:
        print("bellhop: interrupted; nothing was restored", file=sys.stderr)
        return 130
    return _start(count, put_aside, replicas)


def load(path: Path) -> int:
    """Fill the second database from a backup and make it ready; return how many notifications are in it.

    RefusedError where that fails: there is no second database then.
    """
    drop = ("dropdb", OWNER, "--if-exists", "--force", NEW)
    # What an interrupted one has left.
    ask(*EXEC, *drop, quietly=True)
    try:
        ask(*EXEC, "createdb", OWNER, "--template=template0", NEW)
        ask(*EXEC, *PG_RESTORE, f"--dbname={NEW}", source=path)
        sql("ANALYZE", database=NEW)
        # Whatever migrations and rights it lacks; and numbers go on above all that browsers may know.
        step("run", "--rm", "--no-deps", "migrate", "python", "manage.py", "restored", NEW)
        return int(sql("SELECT count(*) FROM bellhop_notification", database=NEW, quietly=True))
    except BaseException as error:
        ask(*EXEC, *drop, quietly=True)
        if isinstance(error, FailedError):
            raise RefusedError(f"{path} was not restored, nothing has changed: {error}") from None
        raise


def exchange() -> str:
    """Let the second database take the first one's name; return this one's name from now on, "" for an empty one.

    FailedError where that fails: the services go on with what they had.
    """
    aside = time.strftime("bellhop_before_%Y%m%d_%H%M%S", time.gmtime())
    # As it is in a new volume.
    is_empty = sql("SELECT to_regclass('bellhop_inbox')", database="bellhop", quietly=True) == ""
    try:
        step("stop", *SERVICES)
        rename({"bellhop": aside, NEW: "bellhop"})
    except BaseException:
        step("start", *SERVICES)
        raise
    if is_empty:
        print("What was there before is empty, and not kept:")
        ask(*EXEC, "dropdb", OWNER, "--force", aside)
        return ""
    return aside


def rename(names: "dict[str, str]") -> None:
    """Rename databases, all of them or none; who is connected to one is cut off."""
    quoted = ", ".join(f"'{name}'" for name in names)
    cut_off = (
        f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ({quoted})"  # noqa: S608 - our own names
    )
    changes = (f"ALTER DATABASE {old} RENAME TO {new}" for old, new in names.items())
    sql(cut_off, *changes, in_one=True)


def _start(count: int, put_aside: str, replicas: "list[str]") -> int:
    try:
        step("up", "--detach", "--wait", *replicas)
    except (FailedError, KeyboardInterrupt):
        print(
            "bellhop: the backup is restored, but not every service became healthy; start them: ./bellhop up",
            file=sys.stderr,
        )
        return 1
    print(f"Restored: {count:,} notifications.")
    if put_aside:
        psql = f"docker compose exec -T db psql {OWNER} --dbname=postgres --single-transaction"
        undone = put_aside.replace("before", "undone")
        print(
            f"What was there before is the database {put_aside}. To delete it:\n"
            f"  docker compose exec -T db dropdb {OWNER} {put_aside}\n"
            "To go back to it (each line only if the one before it succeeded):\n"
            f"  docker compose run --rm --no-deps migrate python manage.py restored {put_aside}\n"
            f"  docker compose stop {' '.join(SERVICES)}\n"
            f'  {psql} --command="ALTER DATABASE bellhop RENAME TO {undone}"'
            f' --command="ALTER DATABASE {put_aside} RENAME TO bellhop"\n'
            "  docker compose up --detach --wait\n"
            "All that are kept, and how large they are:\n"
            f'  docker compose exec -T db psql {OWNER} --command="\\l+ bellhop*"'
        )
    return 0
