"""Try one round in this environment: `python -m wheels.adopter EXTRAS`, with DATABASE_URL and REDIS_URL.

Prints what was seen, a line each; then, where something was refused, what and the output that says why; exit 1.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from wheels.adopter.project import Project
from wheels.adopter.rounds import ROUNDS
from wheels.adopter.running import RefusedError


@contextmanager
def database() -> Iterator[str]:
    """Make a database beside the one that DATABASE_URL names; give its address, and drop it at the end."""
    server = os.environ["DATABASE_URL"]
    name = f"adopter_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def main(extras: str) -> int:
    with database() as url, tempfile.TemporaryDirectory() as folder:
        try:
            for seen in ROUNDS[extras](Project(Path(folder), url, os.environ["REDIS_URL"])):
                print(seen, flush=True)
        except RefusedError as refused:
            print(f"REFUSED {refused.what}\n{refused.output}", flush=True)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
