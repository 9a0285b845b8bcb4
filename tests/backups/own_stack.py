"""A stack of its own, production-shaped, driven by the door and by Compose."""

import hashlib
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy"))

from verbs import separate_stack  # noqa: E402

PROJECT = "bellhop-backups"
PORT = os.environ.get("BACKUPS_PORT") or "18080"
URL = f"http://localhost:{PORT}"
OLD = "tests/backups/postgresql-17.yml"
TABLES = (
    "bellhop_notification",
    "auth_user",
    "django_session",
    "bellhop_removal",
    "account_emailaddress",
)
"""Of which every row is compared. What a restore changes by intention is in bellhop_inbox."""

Rows = dict[str, dict[str, str]]


def environment(*more: str) -> dict[str, str]:
    return separate_stack.environment(
        PROJECT,
        ["docker-compose.yml", *more],
        HTTP_PORT=PORT,
        PUBLIC_URL=URL,
        SECRET_KEY=_SECRETS[0],
        POSTGRES_PASSWORD=_SECRETS[1],
        RATE_LIMITS="off",
    )


_SECRETS = (secrets.token_urlsafe(50), secrets.token_urlsafe(24))


def call(*command: str, files: tuple[str, ...] = (), fails: bool = False) -> str:
    """Run a command and return all that it says; AssertionError with that where it fails, or where it should."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(*files),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, f"{command}: {done.returncode}\n{done.stdout[-4000:]}"
    return done.stdout


def door(*arguments: str, files: tuple[str, ...] = (), fails: bool = False) -> str:
    return call(sys.executable, "bellhop", *arguments, files=files, fails=fails)


def compose(*arguments: str, files: tuple[str, ...] = ()) -> str:
    return call("docker", "compose", *arguments, files=files)


def manage(*arguments: str, files: tuple[str, ...] = ()) -> str:
    return compose("exec", "-T", "web", "python", "manage.py", *arguments, files=files)


def sql(statement: str, database: str = "bellhop") -> str:
    options = ("--username=bellhop", f"--dbname={database}", "-XqAt", f"--command={statement}")
    return compose("exec", "-T", "db", "psql", *options).strip()


def rows() -> Rows:
    """Return a digest of every row of the tables that count, by its key."""
    found: Rows = {}
    for table in TABLES:
        key = "session_key" if table == "django_session" else "id"
        lines = sql(f"SELECT {key} || ' ' || md5(t::text) FROM {table} AS t").splitlines()
        found[table] = dict(line.rsplit(" ", 1) for line in lines)
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
