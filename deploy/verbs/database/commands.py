"""Commands of Docker and Compose, each shown before it runs, and what Compose says of the stack's own database.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Optional

from verbs import docker_compose

OWNER = "--username=bellhop"
EXEC = ("docker", "compose", "exec", "-T", "db")
ONCE = ("docker", "compose", "run", "--rm", "--no-deps", "-T", "--entrypoint")
"""For the image's own programs where no database runs: then the program, `db`, and the rest."""

DATA = "/var/lib/postgresql"
"""Where the volume is in the container."""


class RefusedError(Exception):
    """Nothing was changed, or what was is as before; the text is the one line to say."""


class FailedError(Exception):
    """A command has failed; the text is its last line."""


class Database(NamedTuple):
    """The stack's own database, as Compose reads it."""

    project: str
    is_production: bool
    image: str
    volume: str


def configured() -> Database:
    """Return what Compose would start as `db`; RefusedError where the stack uses another database."""
    shown = docker_compose.capture(["docker", "compose", "config", "--format", "json"])
    if shown.returncode != 0:
        raise RefusedError(docker_compose.last_line(shown.stderr))
    found = json.loads(shown.stdout)
    services = found["services"]
    if services["web"]["environment"].get("DATABASE_URL"):
        raise RefusedError(
            "DATABASE_URL: it names a database that is not the stack's own; its pg_dump and pg_restore do this"
        )
    mounted = [
        found["volumes"][volume["source"]]["name"]
        for volume in services["db"].get("volumes", [])
        if volume["target"] == DATA and volume["type"] == "volume"
    ]
    return Database(
        project=found["name"],
        is_production=services["web"]["environment"]["DEBUG"] == "false",
        image=services["db"]["image"],
        volume=mounted[0] if mounted else "",
    )


def is_running() -> bool:
    """Return whether the database runs."""
    listed = ["docker", "compose", "ps", "--quiet", "--status", "running", "db"]
    return bool(docker_compose.capture(listed).stdout.strip())


def has_volume(database: Database) -> bool:
    """Return whether the volume of the stack's own database is there, with whatever is in it."""
    listed = ["docker", "volume", "ls", "--quiet", "--filter", f"name=^{database.volume}$"]
    return bool(docker_compose.capture(listed).stdout.strip())


def replicas(services: "tuple[str, ...]") -> "list[str]":
    """Return the options that have `up` leave as many containers of each service as there are."""
    options = []
    for service in services:
        listed = docker_compose.capture(["docker", "compose", "ps", "--quiet", service])
        count = len(listed.stdout.split())
        if count > 1:
            options += ["--scale", f"{service}={count}"]
    return options


def show(command: "tuple[str, ...]", *, source: Optional[Path] = None, into: str = "") -> None:
    """Print a command as somebody would type it."""
    files = (f" < {shlex.quote(str(source))}" if source else "") + (f" > {into}" if into else "")
    print(f"$ {' '.join(map(_quoted, command))}{files}", flush=True)


def _quoted(word: str) -> str:
    """Return a word as a shell takes it, in double quotes where it has single ones in it."""
    is_plain = not any(letter in word for letter in '"$`\\!')
    return f'"{word}"' if "'" in word and is_plain else shlex.quote(word)


def ask(
    *command: str,
    source: Optional[Path] = None,
    named: Optional[Path] = None,
    quietly: bool = False,
) -> str:
    """Run a command and return what it prints; FailedError with its last line where it fails.

    `source`: the file that it reads, shown as `named` where that is to be its name.
    """
    if not quietly:
        show(command, source=named or source)
    with (source or Path(os.devnull)).open("rb") as stdin:
        done = subprocess.run(
            command,
            cwd=docker_compose.ROOT,
            stdin=stdin,
            capture_output=True,
            check=False,
        )
    if done.returncode != 0:
        raise FailedError(reason(done.stderr))
    return done.stdout.decode(errors="replace")


def reason(stderr: bytes) -> str:
    """Return the line that says why a program of PostgreSQL failed: its first error, else the last line."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line or "FATAL:" in line]
    return (errors or lines[-1:] or ["it says nothing"])[0]


def step(*arguments: str) -> None:
    """Run a Compose command whose output is seen; FailedError where it fails."""
    status = docker_compose.compose(*arguments)
    if status == 130:
        raise KeyboardInterrupt
    if status != 0:
        raise FailedError(f"docker compose {' '.join(arguments)} failed; see above")


def sql(
    *statements: str, database: str = "postgres", in_one: bool = False, quietly: bool = False
) -> str:
    """Run SQL as the owner, `in_one` transaction or one each, and return what it prints, bare."""
    commands = [f"--command={statement}" for statement in statements]
    options = ["-XqAt", "--set=ON_ERROR_STOP=1", *(["--single-transaction"] if in_one else [])]
    psql = ("psql", OWNER, f"--dbname={database}", *options, *commands)
    return ask(*EXEC, *psql, quietly=quietly).strip()


def refuse(error: Exception) -> int:
    """Say why not, in one line."""
    print(f"bellhop: {error}", file=sys.stderr)
    return 1
