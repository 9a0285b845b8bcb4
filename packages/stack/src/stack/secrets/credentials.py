"""Names and passwords that the stack gives its services itself, each in a volume that no other service mounts.

`migrate` makes them once; nobody fills them in, and no environment has them. CREDENTIALS names the folder of a
service's own. Without that variable there are none: on a bare host, and for whoever comes with POSTGRES_PASSWORD.
"""

import secrets
from pathlib import Path
from typing import Final, NamedTuple

from stack.environment import refuse, text

FOLDER: Final = Path("/credentials")
"""Where the services' volumes are in `migrate`, by the services' names."""


class Credentials(NamedTuple):
    """What a service says to a server, PostgreSQL for one, to be let in."""

    user: str
    password: str


def of(server: str) -> Credentials | None:
    """Return this service's own for a server ("database"); None where it is given none. Refuses a missing file."""
    folder = text("CREDENTIALS")
    if not folder:
        return None
    path = Path(folder, server)
    if (found := _read(path)) is None:
        refuse(
            "CREDENTIALS", f"{path} is missing, or not ours to read; the service migrate makes it"
        )
    return found


def made_once(path: Path, user: str, password: str | None = None) -> Credentials:
    """Return what a file holds for that user; make it, with a random password or the one given, where it does not.

    Whoever is in its service's container may read it (`docker compose exec --user`), nobody else sees it. Refuses a
    folder that cannot be written to.
    """
    found = _read(path)
    if found is not None and found.user == user and password in (None, found.password):
        return found
    made = Credentials(user, password or secrets.token_urlsafe(32))
    write_whole(path, ":".join(made) + "\n")
    return made


def write_whole(path: Path, content: str) -> None:
    """Put a file there that everybody may read, whole or not at all, whatever ends this process. Refuses a bad path."""
    unfinished = path.with_name(f".{path.name}")
    try:
        unfinished.write_text(content)
        unfinished.chmod(0o444)
        unfinished.replace(path)
    except OSError as error:
        refuse("CREDENTIALS", f"{path}: {error.strerror}")


def _read(path: Path) -> Credentials | None:
    try:
        user, separator, password = path.read_text().strip().partition(":")
    except OSError:
        return None
    return Credentials(user, password) if separator and password else None
