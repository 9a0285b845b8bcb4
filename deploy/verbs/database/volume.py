"""What is in the database's volume: which version's files, and how a newer one's take their place.

PostgreSQL 18's image keeps its files in 18/docker of the volume, those before kept them in the volume itself. Files are
moved by renaming folders within the volume alone.

Python's standard library only, 3.9 or newer, as all of the door.
"""

from typing import NamedTuple

from verbs.database.commands import DATA, ONCE, RefusedError, ask

NEW = "upgrading"
"""The folder of a newer version's files, until they are complete."""

# The mark counts only where the newer files are, too: it is made a moment before they get their name.
LOOK = (
    "echo $PG_MAJOR; for file in PG_VERSION data/PG_VERSION */docker/PG_VERSION $PG_MAJOR/upgraded-from-*;"
    ' do if [ -e "$file" ]; then echo "$file" $(cat "$file"); fi; done'
)
# From the second line on they are complete, and the newer version starts with them. Said again, it does what is left.
TAKE_OVER = (
    "mkdir -p {new} {kept}; chmod 700 {kept}; [ -e {new}/docker ] || echo {old} > {new}/upgraded-from-{old};"
    " [ ! -e {upgrading} ] || mv -T {upgrading} {new}/docker;"
    ' for each in *; do case "$each" in {new}|postgresql-*|lost+found) ;; *) mv "$each" {kept}/;; esac; done;'
    " chown --reference={new}/docker {kept} {new}; rm {new}/upgraded-from-{old}"
)


class Found(NamedTuple):
    """`major`: of the image. `old`: of the other files that are there, in `folder`; 0 where there are none."""

    major: int
    has_new: bool
    old: int
    folder: str
    is_taken_over: bool
    """The newer files are complete, and the older ones are still to be put aside."""


def look() -> Found:
    """Return what is in the volume."""
    said = ask(*ONCE, "sh", "--workdir", DATA, "db", "-c", LOOK, quietly=True)
    first, *lines = said.splitlines()
    major, has_new, old, folder, mark = int(first), False, 0, "", 0
    for line in lines:
        file, version = line.split()
        where, _, name = file.rpartition("/")
        if name.startswith("upgraded-from-"):
            mark = int(version)
        elif where == f"{major}/docker":
            has_new = True
        else:
            old, folder = int(version), where
    is_taken_over = has_new and mark > 0
    return Found(major, has_new, mark if is_taken_over else old, folder, is_taken_over)


def refuse_if_nothing(found: Found) -> None:
    """Raise RefusedError where there is nothing to take over, or nobody can say what."""
    major, old = found.major, found.old
    if found.is_taken_over:
        return
    if old > major:
        raise RefusedError(
            f"the volume holds data of PostgreSQL {old}, and db's image is an older one, {major}"
        )
    if old and found.has_new:
        raise RefusedError(
            f"the volume holds data of PostgreSQL {old} and of {major}. If yours is the older, delete the other, and"
            f" call this again: docker compose run --rm --no-deps --entrypoint rm db -r {DATA}/{major}"
        )
    if found.has_new:
        raise RefusedError(
            f"nothing to upgrade: the data is PostgreSQL {major}'s, as db's image is"
        )
    if not old:
        raise RefusedError("nothing to upgrade: there is no database yet; start one: ./bellhop up")


def kept(version: int) -> str:
    """Return the folder, in the volume, of what the volume held before."""
    return f"postgresql-{version}"


def take_over(found: Found) -> None:
    """Let the newer files take the older ones' place, which stay in the volume."""
    script = TAKE_OVER.format(upgrading=NEW, new=found.major, old=found.old, kept=kept(found.old))
    ask(*ONCE, "sh", "--workdir", DATA, "db", "-ec", script)
