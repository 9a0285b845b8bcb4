"""The checks of the database and its routers. None raises, and none connects unasked."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import NotSupportedError, OperationalError, connections

from bellhop.models import write_database
from rows.checks.found import ids, messages


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": "redis://127.0.0.1:1/0"}


class UsersElsewhere:
    def db_for_write(self, model: Any, **_: Any) -> str | None:
        return "default" if model._meta.app_label == "bellhop" else "people"


class Broken:
    def db_for_write(self, model: Any, **_: Any) -> str:
        raise RuntimeError("a router of their own")


def test_users_in_another_database_are_refused(settings: Any) -> None:
    settings.DATABASE_ROUTERS = [UsersElsewhere()]
    assert ids() == {"bellhop.E004"}


def test_what_raises_is_a_warning_and_stops_no_other_check(settings: Any) -> None:
    settings.DATABASE_ROUTERS = [Broken()]
    settings.BELLHOP = {}
    assert ids() == {"bellhop.W001", "bellhop.W041"}
    assert "a router of their own" in messages()["bellhop.W001"].msg


def test_psycopg2_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.backends.postgresql.psycopg_any.is_psycopg3", False)
    assert ids() == {"bellhop.E002"}
    assert "psycopg[binary,pool]" in str(messages()["bellhop.E002"].hint)


def test_no_check_connects_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(connections["default"], "ensure_connection", refuse)
    assert ids() == set()


@pytest.mark.django_db
def test_a_postgresql_that_is_new_enough_is_well() -> None:
    assert ids(["default"]) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(("version", "found"), [(14_0012, {"bellhop.E003"}), (15_0000, set())])
def test_a_postgresql_that_is_too_old_is_refused_where_it_may_be_asked(
    monkeypatch: pytest.MonkeyPatch, version: int, found: set[str]
) -> None:
    connection = write_database.connection()
    connection.ensure_connection()
    monkeypatch.setitem(connection.__dict__, "pg_version", version)
    assert ids(["default"]) == found
    assert ids(["replica"]) == set()
    assert ids() == set()


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (OperationalError("away"), set()),
        (NotSupportedError("PostgreSQL 15 or later is required (found 14.9)."), {"bellhop.E003"}),
    ],
)
def test_a_database_that_cannot_be_asked_raises_nothing(
    monkeypatch: pytest.MonkeyPatch, error: Exception, found: set[str]
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(write_database.connection(), "ensure_connection", refuse)
    assert ids(["default"]) == found


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("django.db.backends.mysql", {"bellhop.E001"}),
        ("django.db.backends.oracle", {"bellhop.E001"}),
        ("django.db.backends.sqlite3", {"bellhop.E001"}),
        ("django.db.backends.dummy", {"bellhop.E001"}),
        ("nowhere", {"bellhop.E001"}),
        ("django.contrib.gis.db.backends.postgis", set()),
    ],
)
def test_an_engine_is_judged_without_its_driver(
    settings: Any, monkeypatch: pytest.MonkeyPatch, engine: str, found: set[str]
) -> None:
    connections.settings["other"] = {**connections.settings["default"], "ENGINE": engine}
    monkeypatch.setattr(write_database, "alias", lambda: "other")
    monkeypatch.setattr("bellhop.checks.database.router.db_for_write", lambda model, **_: "other")
    try:
        assert ids() == found
        kind = {"dummy": "unknown", "sqlite3": "sqlite"}.get(
            name := engine.rpartition(".")[2], name
        )
        assert all(f"is {kind};" in message.msg for message in messages().values())
    finally:
        del connections.settings["other"]
        with suppress(AttributeError):
            del connections["other"]
