"""A database whose disk is full, or that has just died of it: 503 in page, API and login, words in the shell."""

import inspect
import re
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from bellhop.database.away import AWAY
from bellhop.models import Notification
from tests.rows import add

pytestmark = pytest.mark.django_db
# No space, no memory, no connections, too long; files that cannot be written; a server that dies, comes up, goes
# down; a connection that is gone; a lock or a turn that was not to be had.
CLASSES = ("53", "58", "57P", "57014", "08", "55P03", "40001", "40P01")
STATES = sorted(
    (kind.sqlstate, kind)
    for _, kind in inspect.getmembers(psycopg.errors, inspect.isclass)
    if issubclass(kind, psycopg.Error) and (kind.sqlstate or "").startswith(CLASSES)
)
WORDS = [
    'could not extend file "base/16384/2619": No space left on device',
    'could not write to file "pg_wal/xlogtemp.35": No space left on device',
    "server closed the connection unexpectedly",
]


WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH\b.*\b(INSERT|UPDATE|DELETE)\b)", re.DOTALL)


def failing(kind: type[psycopg.Error], *words: str) -> Any:
    """Every statement that writes fails, as psycopg's own errors do: through Django's wrapper."""

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if WRITES.match(sql):
            with connection.wrap_database_errors:
                raise kind(*(words or WORDS[:1]))
        return execute(sql, *rest)

    return connection.execute_wrapper(wrapper)


@pytest.mark.parametrize(("state", "kind"), STATES, ids=[f"{s}-{k.__name__}" for s, k in STATES])
def test_every_error_of_that_kind_counts_as_away(state: str, kind: type[psycopg.Error]) -> None:
    with pytest.raises(AWAY), failing(kind), connection.cursor() as cursor:
        cursor.execute("INSERT")


def test_the_states_are_those_of_a_full_disk_and_its_kin() -> None:
    assert {"53100", "53200", "53300", "58030", "57P02", "57P03", "08006"} <= dict(STATES).keys()


FULL = [psycopg.errors.DiskFull, psycopg.errors.IoError, psycopg.OperationalError]


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("words", WORDS)
def test_an_action_of_the_page_and_of_the_api_is_a_503(
    browser: Client, user: User, kind: type[psycopg.Error], words: str
) -> None:
    add(user, 2)
    with failing(kind, words):
        page = browser.post("/notifications/mark/", {"action": "read", "through": "2"})
        json = browser.post(
            "/api/notifications/read", {"through": 2}, content_type="application/json"
        )
    assert (page.status_code, json.status_code) == (503, 503)
    assert "Back in a moment" in page.content.decode()
    assert json.json()["error"]["code"] == "unavailable"
    assert "space" not in page.content.decode() + json.content.decode()


@pytest.mark.parametrize("kind", FULL)
def test_a_login_is_a_503_and_nobody_is_signed_in(user: User, kind: type[psycopg.Error]) -> None:
    visitor = Client(raise_request_exception=False)
    with failing(kind):
        answer = visitor.post("/accounts/login/", {"login": "ada", "password": "pw"})
    assert answer.status_code == 503
    assert visitor.get("/api/notifications/").status_code == 401


@pytest.mark.parametrize("kind", FULL)
def test_a_session_that_cannot_be_saved_is_a_503_and_stays(
    browser: Client, user: User, kind: type[psycopg.Error]
) -> None:
    """The first summary of a session writes its mark, when the view is through."""
    with failing(kind):
        answer = browser.get("/api/notifications/summary")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert browser.get("/api/notifications/summary").status_code == 200


@pytest.mark.parametrize("kind", FULL)
def test_what_only_reads_goes_on(browser: Client, user: User, kind: type[psycopg.Error]) -> None:
    with failing(kind):
        assert browser.get("/").status_code == 200
        assert browser.get("/api/notifications/").status_code == 200


@pytest.mark.parametrize("kind", FULL)
@pytest.mark.parametrize("words", WORDS)
def test_the_command_says_so_in_one_line(user: User, kind: type[psycopg.Error], words: str) -> None:
    with pytest.raises(CommandError) as told, transaction.atomic(), failing(kind, words):
        call_command("notify", "ada", "Lunch")
    assert str(told.value) == f"the database does not answer: {words}"
    assert not Notification.objects.exists()
