"""`manage.py bellhop_check`: what it says of a set-up that is well, and of each part that is missing."""

import re
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from bellhop.management.commands import bellhop_check
from rows.checks.project import (
    Project,
    database,
    database_settings,
    server_connection,
)
from rows.checks.running.conftest import checked

pytestmark = pytest.mark.timeout(300)


def took(lines: list[str]) -> float:
    found = re.fullmatch(r"took ([\d.]+) s", lines[-1])
    assert found, lines
    return float(found[1])


def test_of_a_set_up_that_is_well_each_part_is_told(plain: Project, ada: str, ws: str) -> None:
    assert plain.manage("bellhop_work", "--once").code == 0
    run = checked(plain, "--ws", ws, "--user", ada)
    assert (run.code, run.err) == (0, ""), run.out
    run.line("note pages: they open their socket at <their own host>/ws/notifications/")
    words = [line.split(" ")[0] for line in run.lines[:-1] if not line.startswith("note pages")]
    assert words == ["ok"] * (len(run.lines) - 2)
    for part in (
        "settings",
        "database default: PostgreSQL 1",
        "migrations",
        "function",
        "Redis at",
        "Redis: published",
    ):
        run.line(f"ok {part}")
    run.line("ok due: somebody looks after what is due, ")
    run.line("ok socket server: /readyz")
    run.line("ok socket server: 1 process(es) listen")
    run.line("ok round trip: rung and shown within")
    run.line("ok round trip: the session ended, and its socket was closed after")
    assert took(run.lines) < 60


def test_the_socket_server_is_asked_at_the_port_that_pages_are_told(
    plain: Project, ws: str
) -> None:
    url = f":{urlsplit(ws).port}/ws/notifications/"
    run = checked(plain, settings=f'BELLHOP = {{**BELLHOP, "SOCKET_URL": {url!r}}}')
    assert run.code == 0, run.out
    run.line("ok socket server: /readyz")


@pytest.mark.parametrize(
    ("given", "arguments", "asked"),
    [
        ("/ws/", [], 8001),
        (":8742/ws/", [], 8742),
        (":8742/ws/", ["--site", "http://127.0.0.1:8000/"], 8742),
        (":8742/ws/", ["--site", "http://localhost"], 8742),
        # Where that one's socket server listens, behind its web server, nobody can tell.
        (":8742/ws/", ["--site", "https://example.com"], 8001),
        (":8742/ws/", ["--site", "https://localhost.example.com"], 8001),
        (":8742/ws/", ["--ws", "http://127.0.0.1:9000"], 9000),
        ("wss://example.com:8742/ws/", [], 8001),
        (7, [], 8001),
    ],
)
def test_which_port_is_asked(
    settings: Any, monkeypatch: pytest.MonkeyPatch, given: Any, arguments: list[str], asked: int
) -> None:
    settings.BELLHOP = {"SOCKET_URL": given}
    found: list[str] = []
    monkeypatch.setattr(bellhop_check, "_findings", lambda ws, *_: found.append(ws) or iter(()))
    call_command("bellhop_check", *arguments, stdout=StringIO())
    assert found == [f"http://127.0.0.1:{asked}"]


def test_a_round_trip_is_not_tried_unasked(plain: Project, ws: str) -> None:
    run = checked(plain, "--ws", ws)
    assert run.code == 0
    run.line("note round trip: not tried; name a user with --user")


def test_what_is_away_is_named_with_what_to_write(plain: Project, closed_port: int) -> None:
    away = f"127.0.0.1:{closed_port}"
    settings = (
        f'DATABASES["default"] |= {{"HOST": "127.0.0.1", "PORT": {closed_port}}}\n'
        f'BELLHOP = {{"REDIS_URL": "redis://:hunter2@{away}/0"}}\n'
    )
    run = plain.manage(
        "bellhop_check", "--ws", f"http://{away}", "--user", "ada", settings=settings
    )
    assert run.code == 1
    assert "Traceback" not in run.out + run.err
    assert "DATABASES" in run.line("missing database: ")
    assert "REDIS_URL" in run.line(f"missing Redis at redis://{away}/0: ")
    assert "manage.py bellhop_ws" in run.line(f"missing socket server at http://{away}: ")
    run.line("missing round trip: ")
    assert "hunter2" not in run.out
    assert ".." not in run.out
    assert took(run.lines) < 60


def test_what_hangs_is_given_up_within_seconds(plain: Project, silent_port: int) -> None:
    settings = (
        f'DATABASES["default"] |= {{"HOST": "127.0.0.1", "PORT": {silent_port}}}\n'
        f'BELLHOP = {{"REDIS_URL": "redis://127.0.0.1:{silent_port}/0"}}\n'
    )
    run = plain.manage(
        "bellhop_check", "--ws", f"http://127.0.0.1:{silent_port}", settings=settings
    )
    assert run.code == 1
    assert "Traceback" not in run.out + run.err
    run.line("missing database: no answer within 5 s")
    run.line("missing Redis at ")
    run.line("missing due: no answer within 5 s")
    run.line("missing socket server at ")
    assert took(run.lines) < 90


def test_tables_that_are_not_there_are_named(plain: Project) -> None:
    with database("test_bellhop_empty") as name:
        settings = f'DATABASES["default"] = {database_settings(name)!r}'
        run = plain.manage("bellhop_check", settings=settings)
    assert run.code == 1
    line = run.line("missing migrations 0001_initial")
    assert not [each for each in run.lines if " due" in each]
    assert line.endswith("run python manage.py migrate")
    run = plain.manage("bellhop_check", settings=settings)
    assert 'database "test_bellhop_empty" does not exist' in run.line("missing database: ")


def test_a_role_that_may_not_number_is_named(plain: Project) -> None:
    code = """
from django.db import connection
from bellhop.checks.running.database import try_database
with connection.cursor() as cursor:
    cursor.execute("DROP ROLE IF EXISTS test_bellhop_reader")
    cursor.execute("CREATE ROLE test_bellhop_reader")
    cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO test_bellhop_reader")
    cursor.execute("REVOKE EXECUTE ON FUNCTION bellhop_number(uuid[]) FROM PUBLIC")
    cursor.execute("SET ROLE test_bellhop_reader")
    found = [str(finding) for finding in try_database()]
    cursor.execute("RESET ROLE")
    cursor.execute("DROP FUNCTION bellhop_number(uuid[])")
    found += [str(finding) for finding in try_database()]
    cursor.execute("DROP OWNED BY test_bellhop_reader; DROP ROLE test_bellhop_reader")
tell(found)
"""
    with database("test_bellhop_rights") as name:
        settings = f'DATABASES["default"] = {database_settings(name)!r}'
        assert plain.manage("migrate", settings=settings).code == 0
        found = "\n".join(plain.told(code, settings=settings))
        again = plain.manage("sqlmigrate", "bellhop", "0003", settings=settings)
        with server_connection(name) as server:
            server.execute(again.out.encode())
            found_again = server.execute(
                "SELECT to_regprocedure('bellhop_number(uuid[])')"
            ).fetchone()
            assert found_again is not None
            assert found_again[0] is not None
    assert (
        "missing right to number: GRANT EXECUTE ON FUNCTION bellhop_number(uuid[]) TO test_bellhop_reader"
        in found
    )
    assert "python manage.py sqlmigrate bellhop 0003" in found
