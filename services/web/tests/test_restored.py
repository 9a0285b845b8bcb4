"""manage.py restored: a restored database is made ready, or refused, beside the one in use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

NAME = f"restored_{os.getpid()}"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def restored(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """An empty database: a backup that lacks every migration."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
    yield NAME
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(statement: str) -> list[tuple[Any, ...]]:
    import psycopg

    own = connection.settings_dict
    where = {
        "host": own["HOST"],
        "port": own["PORT"],
        "user": own["USER"],
        "password": own["PASSWORD"],
    }
    with psycopg.connect(dbname=NAME, autocommit=True, **where) as other:
        cursor = other.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_it_migrates_that_database_and_has_its_numbers_go_on(restored: str) -> None:
    done = manage("restored", restored)
    assert done.returncode == 0, done.stderr
    assert "0 inboxes go on" in done.stdout
    assert ask("SELECT count(*) FROM django_migrations WHERE app = 'bellhop'")[0][0] > 5
    ask(
        "INSERT INTO auth_user VALUES (7, 'x', now(), false, 'ada', '', '', '', false, true, now())"
    )
    assert "1 inboxes go on" in manage("restored", restored).stdout
    ((seq, until),) = ask("SELECT last_seq, restored_until FROM bellhop_inbox")
    assert seq == until > 10**12


def test_a_backup_of_a_newer_version_is_refused_in_one_line(restored: str) -> None:
    ask(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('bellhop', '9999_later', now())"
    )
    done = manage("restored", restored)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "CommandError: the backup is of a newer version, with the migration bellhop.9999_later: update this one first"
    )


def test_a_database_that_is_not_there_is_one_line() -> None:
    done = manage("restored", "nowhere")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "nowhere" in done.stderr
