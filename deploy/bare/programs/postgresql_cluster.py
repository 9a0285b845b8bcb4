"""The private PostgreSQL: its cluster, made once, and the programs that fit it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from bare import interrupts
from bare.errors import MissingError
from bare.host import system_packages

VERSION_MIN = 15


def programs(data: Path) -> Path:
    """Return the folder of PostgreSQL's programs: of the version the cluster was made by, else the newest."""
    newest = Path(str(system_packages.find("postgres"))).resolve()
    said = subprocess.run([str(newest), "--version"], capture_output=True, text=True, check=False)
    numbers = re.findall(r"\d+", said.stdout) or ["0"]
    major = int(numbers[0])
    if major < VERSION_MIN:
        raise MissingError(f"PostgreSQL {VERSION_MIN} or newer is needed, found {major}")
    made_by = data / "PG_VERSION"
    if not made_by.exists() or int(made_by.read_text()) == major:
        return newest.parent
    version = made_by.read_text().strip()
    same = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (same / "postgres").exists():
        raise MissingError(
            f"the database was made by PostgreSQL {version}: install that again,"
            " or delete the database with ./bellhop down --volumes"
        )
    return same


def make(data: Path, variables: Mapping[str, str]) -> None:
    """Make the cluster and its one database, if there is none; all of it or nothing."""
    if data.exists():
        _forget_stale_lock(data)
        return
    print("making the database", flush=True)
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(0o700)
    user = variables["DB_USER"]
    shutil.chown(unfinished, user)
    password = data.with_name("password")
    password.write_text("development")
    shutil.chown(password, user)
    binaries = programs(data)
    try:
        _as(
            user,
            *(str(binaries / "initdb"), "-U", "bellhop", "--pwfile", str(password)),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(unfinished)),
        )
        # A server of its own for this one statement, before there is one for everybody.
        server = (str(binaries / "postgres"), "--single", "-D", str(unfinished), "postgres")
        with tempfile.TemporaryFile("w+") as statement:
            statement.write("CREATE DATABASE bellhop;\n")
            statement.seek(0)
            _as(user, *server, stdin=statement)
    finally:
        password.unlink()
    unfinished.rename(data)


def _as(user: str, *command: str, stdin: IO[str] | None = None) -> None:
    """Run a program of PostgreSQL's as the user it accepts."""
    identity = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    done = interrupts.run(command, cwd="/", stdin=stdin or subprocess.DEVNULL, **identity)
    if done.returncode != 0:
        last = done.stdout.strip().splitlines()[-1:] or ["without a word"]
        raise MissingError(f"{Path(command[0]).name} failed: {last[0]}")


def _forget_stale_lock(data: Path) -> None:
    """Remove the lock of a server that was killed, if its process id is somebody else's by now.

    PostgreSQL removes it itself where nobody has that id, and refuses to start where anybody has.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    try:
        is_ours = Path(f"/proc/{pid}/cwd").readlink() == data
    except OSError:
        is_ours = False
    if not is_ours:
        lock.unlink()
