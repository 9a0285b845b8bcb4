"""What `manage.py bellhop_ws` says: that it listens, that it has stopped, and what of the set-up cannot work."""

import threading
from time import monotonic, sleep

import pytest

from rows.checks.project import Project, database, database_settings
from rows.checks.running.socket_server import Server, running

pytestmark = pytest.mark.timeout(300)
INFOS = """
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
"""
STRUCTLOG = """
from stack import logs
LOGGING = logs.configure("shop")
"""
NOT_MIGRATED = "migrations_missing names=0001_initial "


def lines_with(text: str, word: str) -> list[str]:
    return [line for line in text.splitlines() if word in line]


def port_of(server: Server) -> str:
    return server.url.rpartition(":")[2]


def test_where_no_log_shows_infos_it_writes_a_line_at_the_start_and_one_at_the_end(
    plain: Project,
) -> None:
    with running(plain) as server:
        run = server.end()
    assert (run.code, run.err) == (0, "")
    first, last = run.lines
    assert first.startswith(
        f"bellhop_ws: listening on 127.0.0.1:{port_of(server)} (django-bellhop "
    )
    assert f"process {server.process.pid})" in first
    assert last == "bellhop_ws: stopped"


@pytest.mark.parametrize(
    ("settings", "event"), [(INFOS, ""), (STRUCTLOG, "event=")], ids=["logging", "structlog"]
)
def test_where_a_log_shows_infos_they_are_events_and_nothing_is_said_twice(
    plain: Project, settings: str, event: str
) -> None:
    with running(plain, settings=settings) as server:
        run = server.end()
    assert run.code == 0
    text = run.out + run.err
    (line,) = lines_with(text, "listening")
    assert f"{event}listening address=127.0.0.1 port={port_of(server)} version=" in line
    assert len(lines_with(text, f"{event}server_stopped")) == 1
    assert "bellhop_ws:" not in text
    assert "migrations" not in text


def test_an_info_that_only_a_mail_to_admins_would_have_is_not_shown(plain: Project) -> None:
    settings = INFOS.replace('logging.StreamHandler"', 'logging.StreamHandler", "level": "ERROR"')
    with running(plain, settings=settings) as server:
        run = server.end()
    assert [line.split()[1] for line in run.lines] == ["listening", "stopped"]


class Errors:
    """What a server writes to stderr, as it comes."""

    def __init__(self, server: Server) -> None:
        self._lines: list[str] = []
        assert server.process.stderr is not None
        self._reading = threading.Thread(target=self._lines.extend, args=[server.process.stderr])
        self._reading.start()

    def until(self, word: str) -> None:
        """Wait for a line with that word, 60 s at most."""
        deadline = monotonic() + 60
        while not any(word in line for line in self._lines):
            assert monotonic() < deadline, self._lines
            sleep(0.05)

    def whole(self) -> str:
        """Return everything, once the server has ended."""
        self._reading.join(45)
        return "".join(self._lines)


def test_tables_that_are_not_there_are_said_once_and_stop_nothing(plain: Project) -> None:
    with database("test_bellhop_ws_empty") as name:
        settings = f'DATABASES["default"] = {database_settings(name)!r}'
        with running(plain, settings=settings, status=503) as server:
            errors = Errors(server)
            errors.until("migrations_missing")
            server.process.terminate()
            assert server.process.wait(45) == 0
            (line,) = lines_with(errors.whole(), "migrations_missing")
    assert line.startswith(NOT_MIGRATED)
    assert line.endswith("note=run python manage.py migrate")
    assert "Traceback" not in errors.whole()


def test_a_database_that_comes_later_is_waited_for_beside_the_start(plain: Project) -> None:
    name = "test_bellhop_ws_later"
    settings = f'DATABASES["default"] = {database_settings(name)!r}'
    with running(plain, settings=settings, status=503) as server:
        errors = Errors(server)
        errors.until("database_lost")
        with database(name):
            errors.until(NOT_MIGRATED)
            server.process.terminate()
            assert server.process.wait(45) == 0
    assert len(lines_with(errors.whole(), "migrations_missing")) == 1


def test_a_database_that_is_away_holds_up_neither_the_start_nor_the_end(
    plain: Project, closed_port: int
) -> None:
    settings = f'DATABASES["default"] |= {{"HOST": "127.0.0.1", "PORT": {closed_port}}}'
    with running(plain, settings=settings, status=503) as server:
        began = monotonic()
        run = server.end()
    assert run.code == 0
    # Three times the ten seconds of which it needs none.
    assert monotonic() - began < 30
    assert [line.split()[1] for line in run.lines] == ["listening", "stopped"]
    assert "migrations" not in run.err


REFUSED = {
    "bellhop.E001": 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}',
    "bellhop.E021": 'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"',
    "bellhop.E022": 'SESSION_ENGINE = "django.contrib.sessions.backends.cache"',
    "bellhop.E041": 'BELLHOP = "redis://redis"',
    "bellhop.E042": 'BELLHOP["RINGS"] = "direct"',
    "bellhop.E043": 'BELLHOP["DATABASE_CONNECTIONS"] = 3',
}


@pytest.mark.parametrize(("identity", "settings"), REFUSED.items(), ids=REFUSED)
def test_with_settings_that_serve_no_socket_it_does_not_start(
    plain: Project, identity: str, settings: str
) -> None:
    run = plain.manage("bellhop_ws", "--host", "127.0.0.1", "--port", "0", settings=settings)
    assert (run.code, run.out) == (1, "")
    (line,) = run.err.splitlines()
    assert line.startswith(f"CommandError: {identity}: ")


def test_what_only_pages_and_workers_need_is_not_looked_at(plain: Project) -> None:
    settings = 'BELLHOP["RING"] = "celery"\nMIDDLEWARE = []\nROOT_URLCONF = "nowhere"\n'
    settings += 'import sys; sys.modules["celery"] = None\n'
    with running(plain, settings=settings) as server:
        assert server.end().code == 0


def test_an_error_that_the_project_has_silenced_stops_nothing(plain: Project) -> None:
    settings = 'BELLHOP["RINGS"] = "direct"\nSILENCED_SYSTEM_CHECKS = ["bellhop.E042"]'
    with running(plain, settings=settings) as server:
        assert server.end().code == 0
