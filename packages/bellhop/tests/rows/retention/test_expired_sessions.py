"""Expired sessions go, living ones stay, and a project's own tables are told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends import cache, db
from django.contrib.sessions.models import Session
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop.retention import expired_sessions
from bellhop.retention.prune import Sweep
from bellhop.retention.signals import pruning

# The process's own doorbell may say meanwhile that it found nobody.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rings")]


def add(key: str, hours: int) -> None:
    expires = timezone.now() + timedelta(hours=hours)
    Session.objects.create(pk=key, session_data="", expire_date=expires)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """How many sessions there were, each time that receivers were told."""
    counts: list[int] = []

    def receive(**_: Any) -> int:
        counts.append(Session.objects.count())
        return 10

    pruning.connect(receive)
    yield counts
    pruning.disconnect(receive)


def test_expired_sessions_go_a_few_at_a_time_and_then_receivers_are_told(
    told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expired_sessions, "AT_ONCE", 2)
    add("living", 1)
    for at in range(5):
        add(f"expired{at}", -1)
    assert list(expired_sessions.clear()) == [2, 2, 1, 10]
    assert [row.pk for row in Session.objects.all()] == ["living"]
    assert told == [1]


def test_the_runner_does_it_in_its_time_even_where_all_notifications_are_kept(
    told: list[int],
) -> None:
    add("expired", -1)
    assert Sweep().run(10) == 11
    assert told == [0]


def test_a_store_with_a_way_of_its_own_is_asked(
    told: list[int], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[None] = []
    monkeypatch.setattr(
        db.SessionStore, "clear_expired", classmethod(lambda _: asked.append(None)), raising=True
    )
    add("expired", -1)
    monkeypatch.setattr(expired_sessions, "_DJANGOS", object())
    list(expired_sessions.clear())
    assert asked == [None]
    assert Session.objects.count() == 1


def test_a_store_in_a_cache_has_nothing_left_to_delete(told: list[int], settings: Any) -> None:
    settings.SESSION_ENGINE = cache.__name__
    assert list(expired_sessions.clear()) == [10]


def test_a_store_that_fails_is_one_line_and_receivers_are_told_all_the_same(
    told: list[int], settings: Any
) -> None:
    settings.SESSION_ENGINE = "no.such.module"
    with capture_logs() as lines:
        assert list(expired_sessions.clear()) == [10]
    assert [line["event"] for line in lines] == ["expired_sessions_left"]


def test_a_receiver_that_fails_stops_neither_the_others_nor_the_sender(told: list[int]) -> None:
    def fail(**_: Any) -> None:
        raise ValueError("no\nway")

    pruning.connect(fail)
    try:
        with capture_logs() as lines:
            assert list(expired_sessions.clear()) == [10]
    finally:
        pruning.disconnect(fail)
    (line,) = lines
    assert (line["event"], line["error"]) == ("pruning_failed", "no way")
    assert "fail" in line["receiver"]
