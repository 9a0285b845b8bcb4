"""`bellhop backup`: all of the stack's own database in one file, consistent while everybody goes on.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import signal
import sys
import time
from pathlib import Path

from verbs import docker_compose
from verbs.database import commands, dump_file

FOLDER = "backups"
PG_DUMP = ("pg_dump", commands.OWNER, "--dbname=bellhop", "--format=custom")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to the door's parser."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=f"where to ({FOLDER}/bellhop-<UTC time>.dump)"
    )


def main(arguments: argparse.Namespace) -> int:
    """Write a dump and read it whole again; return 0 if it is there."""
    # What a killed `docker compose exec` leaves half written is deleted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        commands.configured()
        if not commands.is_running():
            raise commands.RefusedError(
                "the database does not run; start it: docker compose up --detach --wait db"
            )
        path = Path(arguments.file) if arguments.file else default_path()
        if path.is_dir():
            path = path / default_path().name
        size = dump_file.write((*commands.EXEC, *PG_DUMP), path, (*commands.EXEC, "pg_restore"))
    except (commands.RefusedError, commands.FailedError) as error:
        return commands.refuse(error)
    except KeyboardInterrupt:
        print("bellhop: interrupted; no backup was written", file=sys.stderr)
        return 130
    print(f"Backup, read whole again: {path} ({size:,} bytes). Restore: ./bellhop restore {path}")
    return 0


def default_path(suffix: str = "") -> Path:
    """Return the name of a backup of now, in this clone, relative to where we are if it can be."""
    now = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
    path = docker_compose.ROOT / FOLDER / f"bellhop-{now}{suffix}.dump"
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
