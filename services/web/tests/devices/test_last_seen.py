"""When a device was last seen: that it is written, how seldom, and what it must not cost."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.models.query import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from core.accounts import last_seen
from tests.devices.test_device_list import log_in

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=3)


def away(*_: Any, **__: Any) -> None:
    raise OperationalError("the server closed the connection")


@pytest.fixture
def client(user: User) -> Client:
    """Somebody who signed in three days ago, and is seen by this process for the first time."""
    client = log_in(user)
    UserSession.objects.update(last_seen_at=LONG_AGO)
    last_seen.noted.forget()
    return client


def writes(client: Client, path: str = "/api/notifications/summary") -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum('UPDATE "usersessions' in query["sql"] for query in queries)


def test_a_request_is_noted_and_those_that_follow_write_nothing(client: Client) -> None:
    began = timezone.now()
    assert [writes(client) for _ in range(4)] == [1, 0, 0, 0]
    assert UserSession.objects.get().last_seen_at >= began


def test_it_is_noted_again_once_that_time_is_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert writes(client) == 1
    monkeypatch.setattr(last_seen, "EVERY", timedelta(0))
    assert writes(client) == 1


def test_what_another_process_has_noted_is_not_written_again(client: Client) -> None:
    just_now = timezone.now() - timedelta(minutes=1)
    UserSession.objects.update(last_seen_at=just_now)
    writes(client)
    assert UserSession.objects.get().last_seen_at == just_now


def test_a_login_counts_as_seen_and_costs_nothing_more(user: User) -> None:
    client = log_in(user)
    assert writes(client) == 0
    assert UserSession.objects.get().last_seen_at > LONG_AGO


def test_nobody_elses_device_is_noted(client: Client, other: User) -> None:
    log_in(other)
    UserSession.objects.filter(user=other).update(last_seen_at=LONG_AGO)
    writes(client)
    assert UserSession.objects.get(user=other).last_seen_at == LONG_AGO


def test_a_stranger_and_what_reads_no_session_write_nothing(client: Client) -> None:
    assert writes(Client()) == 0
    assert writes(client, "/healthz") == 0
    assert UserSession.objects.get().last_seen_at == LONG_AGO


def test_a_request_whose_note_cannot_be_written_is_answered_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "update", away)
    with capture_logs() as lines:
        assert client.get("/api/notifications/summary").status_code == 200
        assert client.get("/api/notifications/summary").status_code == 200
    assert [line["event"] for line in lines].count("last_seen_lost") == 1


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_seen, "KEPT", 2)
    noted = last_seen._Noted()
    assert [noted.note(key) for key in "abcca"] == [True, True, True, False, True]
