"""`bellhop upgrade`: an older PostgreSQL's database, in the volume, becomes one of the version in docker-compose.yml.

A dump by the old version, which is kept as a backup, is restored by the new one into a folder beside. The old files
stay where they are until that is complete; then folders are renamed, and the old ones stay in the volume until somebody
deletes them. Interrupted at whatever moment, it goes on, or begins again, when it is called again.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import argparse
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from verbs import docker_compose
from verbs.database import backup, commands, dump_file, restore, volume
from verbs.database.commands import DATA, ONCE, FailedError, RefusedError, ask, step

PATIENCE = 300
"""Seconds that a server may take to start: an old one may have to recover from a crash first."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be chosen to the door's parser."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="where the dump goes that is kept (backups/…)"
    )


def main(arguments: argparse.Namespace) -> int:
    """Dump, restore beside, rename; return 0 if the stack runs on the new version."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    path: Optional[Path] = None
    try:
        database = commands.configured()
        if not database.volume:
            raise RefusedError(
                "db: its data is in no volume of Compose's; see docs/operating/backups.md"
            )
        found = volume.look()
        volume.refuse_if_nothing(found)
        if not found.is_taken_over:
            path = carry_over(database, found, arguments.file)
        volume.take_over(found)
        step("up", "--build", "--detach", "--wait")
    except (RefusedError, FailedError) as error:
        return commands.refuse(error)
    except KeyboardInterrupt:
        print("bellhop: interrupted; go on with: ./bellhop upgrade", file=sys.stderr)
        return 130
    if path:
        print(f"The dump of PostgreSQL {found.old} is kept: {path}")
    kept = volume.kept(found.old)
    print(
        f"PostgreSQL {found.major} has taken over. The old files are in the volume, in {kept}; to delete them:\n"
        f"  docker compose exec db rm -r {DATA}/{kept}"
    )
    return 0


def carry_over(database: commands.Database, found: volume.Found, file: Optional[str]) -> Path:
    """Dump the old files by their own version, and restore that into a folder of the new one; return the dump.

    Where that fails, what ran before runs again: the old files are as they were.
    """
    image = re.sub(r":\d+(\.\d+)*", f":{found.old}", database.image, count=1)
    if docker_compose.capture(["docker", "image", "inspect", image]).returncode != 0:
        # Before anything is stopped.
        ask("docker", "pull", image)
    running = ["docker", "compose", "ps", "--quiet", "--status", "running"]
    was_running = bool(docker_compose.capture(running).stdout.strip())
    try:
        # What a killed one has left.
        for version in (found.old, found.major):
            put_away(server_name(database, version))
        step("stop")
        # Two servers in one folder would be the end of it.
        users = ["docker", "ps", "--quiet", "--filter", f"volume={database.volume}"]
        if docker_compose.capture(users).stdout.strip():
            raise RefusedError(f"{database.volume}: a container that is not this stack's uses it")
        path = Path(file) if file else backup.default_path(f"-postgresql-{found.old}")
        dump(database, found, image, path)
        fill(database, found, path)
    except BaseException:
        if was_running:
            step("start")
        raise
    return path


def dump(database: commands.Database, found: volume.Found, image: str, path: Path) -> None:
    """Dump the old files into a backup, which the new version reads whole."""
    name = server_name(database, found.old)
    mount = ("--network", "none", "--volume", f"{database.volume}:/old")
    place = ("--env", f"PGDATA=/old/{found.folder}".rstrip("/"))
    run = ("docker", "run", "--detach", "--name", name, *mount, *place, image)
    with server(name, run, is_local=True):
        reader = (*ONCE, "pg_restore", "db")
        dump_file.write(("docker", "exec", name, *backup.PG_DUMP), path, reader)


def fill(database: commands.Database, found: volume.Found, path: Path) -> None:
    """Have the new version make a folder of its own, and restore the dump into that."""
    # What an interrupted one has left.
    ask(*ONCE, "rm", "db", "-rf", f"{DATA}/{volume.NEW}", quietly=True)
    name = server_name(database, found.major)
    place = ("--env", f"PGDATA={DATA}/{volume.NEW}")
    run = ("docker", "compose", "run", "--detach", "--no-deps", "--name", name, *place, "db")
    with server(name, run, is_local=False):
        ask("docker", "exec", "-i", name, *restore.PG_RESTORE, "--dbname=bellhop", source=path)


@contextmanager
def server(name: str, run: "tuple[str, ...]", *, is_local: bool) -> "Iterator[None]":
    """Run a PostgreSQL in a container of that name; stop it as it wants to be stopped.

    While it makes its files it listens on its socket alone, so a new one is asked over TCP (not `is_local`).
    """
    try:
        ask(*run)
        host = () if is_local else ("--host=127.0.0.1",)
        ready = ["docker", "exec", name, "pg_isready", "--quiet", commands.OWNER, *host]
        until = time.monotonic() + PATIENCE
        while docker_compose.capture(ready).returncode != 0:
            state = docker_compose.capture(
                ["docker", "inspect", "--format", "{{.State.Running}}", name]
            )
            if state.stdout.strip() != "true" or time.monotonic() > until:
                logs = docker_compose.capture(["docker", "logs", "--tail", "20", name])
                raise FailedError(f"{name} does not start: {commands.reason(logs.stderr.encode())}")
            time.sleep(0.5)
        yield
    finally:
        put_away(name)


def put_away(name: str) -> None:
    """Stop a server of ours as it wants to be stopped, if it is there, and remove its container."""
    docker_compose.capture(["docker", "stop", "-t", "120", name])
    docker_compose.capture(["docker", "rm", "--force", "--volumes", name])


def server_name(database: commands.Database, version: int) -> str:
    """Return the name of the container in which a version serves while it is upgraded from or to."""
    return f"{database.project}-postgresql-{version}"
