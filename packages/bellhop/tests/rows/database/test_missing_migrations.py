"""Which migrations a socket server finds missing, and what it says of them."""

from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection
from structlog.testing import capture_logs

from bellhop.database import missing_migrations
from bellhop.database.missing_migrations import unapplied

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own connection is not closed."""
    monkeypatch.setattr("bellhop.database.missing_migrations.connections.close_all", lambda: None)


def said() -> list[Any]:
    with capture_logs() as lines:
        missing_migrations._warn()
    return [(line["event"], line.get("names"), line.get("note")) for line in lines]


def test_where_all_are_applied_nothing_is_said() -> None:
    assert unapplied() == []
    assert said() == []


def test_one_that_is_not_applied_is_named_with_the_line_to_write() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'bellhop' AND name LIKE '0004%'")
    assert said() == [
        ("migrations_missing", "0004_index_of_unnumbered", "run python manage.py migrate")
    ]


def test_a_project_that_keeps_them_elsewhere_is_left_alone(settings: Any) -> None:
    settings.MIGRATION_MODULES = {"bellhop": "theirs"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'bellhop'")
    assert unapplied() == []


def raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[float]:
    """Have each question fail; return the list of pauses that were made."""
    pauses: list[float] = []

    def ask() -> list[str]:
        raise error

    monkeypatch.setattr(missing_migrations, "unapplied", ask)
    monkeypatch.setattr("bellhop.database.missing_migrations.time.sleep", pauses.append)
    return pauses


def test_a_database_that_stays_away_is_given_up_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses = raising(monkeypatch, OperationalError("away"))
    assert said() == []
    assert len(pauses) == missing_migrations.TRIES


def test_a_role_that_may_not_look_is_no_reason_to_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = raising(monkeypatch, ProgrammingError("permission denied for table django_migrations"))
    assert [event for event, *_ in said()] == ["migrations_unknown"]
    assert pauses == []
