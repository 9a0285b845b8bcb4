"""A dump as a file: written whole or not at all, and read whole before anybody relies on it.

pg_restore notices what is missing and what is wrong inside the rows, which are compressed, but not a bit that has
changed in the list of tables before them. So `backup` puts a line with the SHA-256 of everything behind the dump's last
byte: pg_restore does not read that far. A dump without that line, made by hand, is one, too.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import BinaryIO, Optional

from verbs import docker_compose
from verbs.database.commands import FailedError, RefusedError, ask, reason, show

SEAL = b"\nbellhop-sha256 "
SEALED = len(SEAL) + 64 + 1
PIECE = 1 << 20
NEEDED = ("bellhop_notification", "bellhop_inbox", "django_migrations", "auth_user")
"""Tables with rows without which a dump is not one of ours."""


def write(command: "tuple[str, ...]", path: Path, pg_restore: "tuple[str, ...]") -> int:
    """Write what a command prints into a new file, sealed and read whole again by `pg_restore`; return its size.

    Under the name of `path` there is at any moment nothing, or all of it. RefusedError where it cannot be.
    """
    if path.exists():
        raise RefusedError(f"{path} exists already, and is left as it is")
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True)
        # For its owner's eyes alone: passwords' hashes and sessions are in it.
        number, name = tempfile.mkstemp(".partial", f"{path.name}.", path.parent)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}") from None
    partial = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            _copy(command, file, path)
        check(partial, pg_restore, named=path)
        _name(partial, path)
        return path.stat().st_size
    except FileExistsError:
        raise RefusedError(f"{path} exists already, and is left as it is") from None
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        # Renamed, it is gone; else nobody needs half of it.
        if partial.exists():
            partial.unlink()


def _name(partial: Path, path: Path) -> None:
    """Give a whole file its name; FileExistsError where somebody else has taken it meanwhile."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:
        # A drive without hard links. On Windows renaming overwrites nothing either.
        partial.rename(path)


def _copy(command: "tuple[str, ...]", file: BinaryIO, path: Path) -> None:
    show(command, into=str(path))
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            command,
            cwd=docker_compose.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process:
            try:
                while piece := process.stdout.read(PIECE) if process.stdout else b"":
                    digest.update(piece)
                    file.write(piece)
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            said.seek(0)
            raise FailedError(reason(said.read()))
    file.write(SEAL + digest.hexdigest().encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


def check(path: Path, pg_restore: "tuple[str, ...]", named: Optional[Path] = None) -> None:
    """Read a dump whole; RefusedError with one line where it is none, not one of ours, or not whole.

    `pg_restore`: how to call that program, of the version that is to restore it. `named`: the name that the file will
    have.
    """
    named = named or path
    _check_seal(path, named)
    try:
        listed = ask(*pg_restore, "--list", source=path, named=named)
        missing = [table for table in NEEDED if not _holds(listed, table)]
        if missing:
            raise RefusedError(f"{named} is no dump of Bellhop's: it has no rows of {missing[0]}")
        ask(*pg_restore, "--file=/dev/null", source=path, named=named)
    except FailedError as error:
        raise RefusedError(f"{named} is no dump, or not a whole one: {error}") from None


def _holds(listed: str, table: str) -> bool:
    return bool(re.search(rf"^\d+; .* TABLE DATA \S+ {table} \S+$", listed, re.MULTILINE))


def _check_seal(path: Path, named: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - SEALED))
            tail = file.read()
            if not tail.startswith(SEAL):
                if (
                    any(tail.endswith(SEAL[:length]) for length in range(1, len(SEAL) + 1))
                    or SEAL in tail
                ):
                    raise RefusedError(f"{named} is not whole: its last line is cut")
                return
            file.seek(0)
            digest = hashlib.sha256()
            left = size - SEALED
            while left and (piece := file.read(min(PIECE, left))):
                digest.update(piece)
                left -= len(piece)
    except OSError as error:
        raise RefusedError(f"{named} cannot be read: {error.strerror}") from None
    if tail != SEAL + digest.hexdigest().encode() + b"\n":
        raise RefusedError(f"{named} is damaged: it is not what was written (SHA-256)")
