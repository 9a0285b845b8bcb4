"""What is pruned of web's accounts: the devices of sessions that are over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from bellhop.retention import expired_sessions
from core import devices

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(db: None) -> Iterator[None]:
    """The table as web's migrations make it, as far as it matters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE usersessions_usersession (id serial PRIMARY KEY, session_key text UNIQUE)"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE usersessions_usersession")


def add(key: str, hours: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO usersessions_usersession (session_key) VALUES (%s)", [key])
    if hours is not None:
        expires = timezone.now() + timedelta(hours=hours)
        Session.objects.create(pk=key, session_data="", expire_date=expires)


def keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key FROM usersessions_usersession ORDER BY id")
        return [key for (key,) in cursor.fetchall()]


def test_devices_go_with_expired_and_deleted_sessions_and_living_ones_stay(
    table: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "AT_ONCE", 2)
    add("living", 1)
    for at in range(4):
        add(f"expired{at}", -1)
    add("gone", None)
    # Four sessions, and five devices.
    assert sum(expired_sessions.clear()) == 9
    assert keys() == ["living"]
    assert [row.pk for row in Session.objects.all()] == ["living"]
