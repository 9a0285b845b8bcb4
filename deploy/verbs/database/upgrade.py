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
from typing import NamedTuple, Optional

from verbs import docker_compose
from verbs.database import backup, commands, dump_file, restore
from verbs.database.commands import DATA, ONCE, FailedError, RefusedError, ask, step

NEW = "upgrading"
PATIENCE = 300
"""Seconds that a server may take to start: an old one may have to recover from a crash first."""

LOOK = (
    "echo image $PG_MAJOR; for file in PG_VERSION data/PG_VERSION */docker/PG_VERSION upgraded-from-*/PG_VERSION;"
    ' do if [ -s "$file" ]; then echo "$file" "$(cat "$file")"; fi; done'
)
# Once the new folder has this name it is complete. Again and again, this does what is left.
SWITCH = (
    "[ ! -d {new} ] || mv {new} {done}; mkdir -p {kept}; chmod 700 {kept};"
    ' for each in *; do case "$each" in {done}|postgresql-*|lost+found) ;; *) mv "$each" {kept}/;; esac; done;'
    " mkdir -p {major}; mv {done} {major}/docker; chown --reference={major}/docker {kept} {major}"
)


class Found(NamedTuple):
    """What is in the volume: the image's version, an older one's files with their version, or a half-made change."""

    major: int
    is_there: bool
    old: "tuple[str, int]"
    done_from: int


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
        found = look()
        refuse_if_nothing(found)
        if not found.done_from:
            path = carry_over(database, found)
        old = found.done_from or found.old[1]
        switch(old, found.major)
        step("up", "--build", "--detach", "--wait")
    except (RefusedError, FailedError) as error:
        return commands.refuse(error)
    except KeyboardInterrupt:
        print("bellhop: interrupted; go on with: ./bellhop upgrade", file=sys.stderr)
        return 130
    kept = f"postgresql-{old}"
    if path:
        print(f"The dump of PostgreSQL {old} is kept: {path}")
    print(
        f"PostgreSQL {found.major} has taken over. The old files are in the volume, in {kept}; to delete them:\n"
        f"  docker compose exec db rm -r {DATA}/{kept}"
    )
    return 0


def look() -> Found:
    """Return what is in the volume."""
    said = ask(*ONCE, "sh", "--workdir", DATA, "db", "-c", LOOK, quietly=True)
    lines = [line.split() for line in said.splitlines()]
    major = int(lines[0][1])
    old, is_there, done_from = ("", 0), False, 0
    for file, version in lines[1:]:
        folder = file.rpartition("/")[0]
        if folder.startswith("upgraded-from-"):
            done_from = int(folder.rpartition("-")[2])
        elif folder == f"{major}/docker":
            is_there = True
        else:
            old = (folder, int(version))
    return Found(major, is_there, old, done_from)


def refuse_if_nothing(found: Found) -> None:
    """Raise RefusedError where there is nothing to take over, or nobody can say what."""
    _, old = found.old
    if found.done_from:
        return
    if old > found.major:
        raise RefusedError(
            f"the volume holds data of PostgreSQL {old}, and db's image is {found.major}, an older one"
        )
    if old and found.is_there:
        raise RefusedError(
            f"the volume holds data of PostgreSQL {old} and of {found.major}: which one is yours? If it is the old one,"
            f" delete the other: docker compose run --rm --no-deps --entrypoint rm db -r {DATA}/{found.major}"
        )
    if found.is_there:
        raise RefusedError(
            f"nothing to upgrade: the data is PostgreSQL {found.major}'s, as db's image is"
        )
    if not old:
        raise RefusedError("nothing to upgrade: there is no database yet; start one: ./bellhop up")


def carry_over(database: commands.Database, found: Found) -> Path:
    """Dump the old files by their own version, and restore that into a folder of the new one; return the dump.

    Where that fails, what ran before runs again: the old files are as they were.
    """
    image = re.sub(r":\d+(\.\d+)*", f":{found.old[1]}", database.image, count=1)
    if docker_compose.capture(["docker", "image", "inspect", image]).returncode != 0:
        # Before anything is stopped.
        ask("docker", "pull", image)
    running = ["docker", "compose", "ps", "--quiet", "--status", "running"]
    was_running = bool(docker_compose.capture(running).stdout.strip())
    try:
        step("stop")
        # Two servers in one folder would be the end of it.
        users = ["docker", "ps", "--quiet", "--filter", f"volume={database.volume}"]
        if docker_compose.capture(users).stdout.strip():
            raise RefusedError(f"{database.volume}: a container that is not this stack's uses it")
        path = dump(database, found, image)
        fill(database, found, path)
    except BaseException:
        if was_running:
            step("start")
        raise
    return path


def dump(database: commands.Database, found: Found, image: str) -> Path:
    """Dump the old files into a backup, which the new version reads whole."""
    folder, version = found.old
    path = backup.default_path(f"-postgresql-{version}")
    name = f"{database.project}-postgresql-{version}"
    mount = ("--network", "none", "--volume", f"{database.volume}:/old")
    place = ("--env", f"PGDATA=/old/{folder}".rstrip("/"))
    run = ("docker", "run", "--detach", "--name", name, *mount, *place, image)
    with server(name, run, is_local=True):
        reader = (*ONCE, "pg_restore", "db")
        dump_file.write(("docker", "exec", name, *backup.PG_DUMP), path, reader)
    return path


def fill(database: commands.Database, found: Found, path: Path) -> None:
    """Have the new version make a folder of its own, and restore the dump into that."""
    # What an interrupted one has left.
    ask(*ONCE, "rm", "db", "-rf", f"{DATA}/{NEW}", quietly=True)
    name = f"{database.project}-postgresql-{found.major}"
    place = ("--env", f"PGDATA={DATA}/{NEW}")
    run = ("docker", "compose", "run", "--detach", "--no-deps", "--name", name, *place, "db")
    with server(name, run, is_local=False):
        ask("docker", "exec", "-i", name, *restore.PG_RESTORE, "--dbname=bellhop", source=path)


@contextmanager
def server(name: str, run: "tuple[str, ...]", *, is_local: bool) -> "Iterator[None]":
    """Run a PostgreSQL in a container of that name; stop it as it wants to be stopped.

    While it makes its files it listens on its socket alone, so a new one is asked over TCP (not `is_local`).
    """
    remove = ["docker", "rm", "--force", "--volumes", name]
    docker_compose.capture(remove)
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
        docker_compose.capture(["docker", "stop", "-t", "120", name])
        docker_compose.capture(remove)


def switch(old: int, major: int) -> None:
    """Let the new files take the old ones' place, which stay in the volume."""
    script = SWITCH.format(
        new=NEW, done=f"upgraded-from-{old}", kept=f"postgresql-{old}", major=major
    )
    ask(*ONCE, "sh", "--workdir", DATA, "db", "-ec", script)
