"""Install the package's wheel into clean environments and take it into a new project there; a line each combination.

    DATABASE_URL=… REDIS_URL=… python tests/wheels/try_wheels.py [WORD …]

With words, only the combinations that have them all ("5.2", "3.14"). DATABASE_URL names a PostgreSQL whose role may
make databases; each round makes one of its own and drops it. Needs uv, a registry of packages, and each Python on this
machine or as the image python:X.Y-slim. Exit 1 where something was refused; what is missing is skipped, by its name.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wheels.build import build
from wheels.combinations import COMBINATIONS, Combination
from wheels.environments import Environment, MissingPythonError, environment

EXTRAS = ("", "ws", "ws,celery,allauth")
VERSIONS = "import sys, django; print(django.__version__, sys.version.split()[0])"


def main(words: list[str]) -> int:
    if missing := [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]:
        print(f"{' and '.join(missing)} not set", file=sys.stderr)
        return 2
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        wheel, _ = build(Path(folder))
        for combination in COMBINATIONS:
            if all(word in str(combination).split() for word in words):
                failed += not tried(combination, wheel)
    return 1 if failed else 0


def tried(combination: Combination, wheel: Path) -> bool:
    """Try one combination and print its line; return whether nothing was refused."""
    with tempfile.TemporaryDirectory() as folder:
        # Its own copy: an environment sees nothing but its folder.
        copy = Path(folder) / wheel.name
        copy.write_bytes(wheel.read_bytes())
        try:
            with environment(combination.python, Path(folder)) as clean:
                done = [try_round(combination, clean, copy, extras) for extras in EXTRAS]
                return all(done)
        except MissingPythonError as missing:
            print(f"skipped  {combination}: {missing}", flush=True)
            return True


def try_round(combination: Combination, clean: Environment, wheel: Path, extras: str) -> bool:
    """Install the wheel with these extras and try what they offer; print the line; return whether all was well."""
    chosen = f"[{extras}]" if extras else "without extras"
    try:
        clean.install(
            f"django=={combination.django}.*", f"django-bellhop[{extras}] @ {wheel.as_uri()}"
        )
    except RuntimeError as error:
        print(f"REFUSED  {combination} {chosen}: cannot be installed\n{error}", flush=True)
        return False
    django, python = clean.python("-c", VERSIONS).stdout.split()
    done = clean.python("-m", "wheels.adopter", extras)
    seen, refused, why = done.stdout.partition("REFUSED ")
    told = ", ".join(seen.split("\n")[:-1]) if done.returncode == 0 or refused else done.stdout
    word = "REFUSED" if done.returncode else "ok"
    where = f"Django {django} on Python {python} ({clean.name}) {chosen}"
    print(f"{word:8} {where}: {told}", flush=True)
    if done.returncode:
        print(why, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
