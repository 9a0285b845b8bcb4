"""A clock that is set, and a kind of which two a minute are told."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as live_settings
from django.utils import timezone

from bellhop.kinds import Kind
from bellhop.ring import publish_thread
from bellhop.saving import moments
from rows.checks.project import MIGRATE, Project, database, redis_number
from rows.conftest import Kinds, Rings


@pytest.fixture(autouse=True)
def heard_by_nobody_else(rings: Rings) -> Iterator[None]:
    """What one test rings must not be found by the next."""
    yield
    publish_thread.flush(30)  # type: ignore[call-arg]


class Clock:
    """What `timezone.now()` returns."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **time: float) -> None:
        """Go on; back by less than nothing."""
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    # Another test's clock may have been ahead, and what is saved never goes back.
    monkeypatch.setattr(moments, "_last", datetime.min.replace(tzinfo=UTC))
    return clock


@pytest.fixture
def order(kinds: Kinds) -> str:
    """A kind of which two a minute are told."""
    kinds(Kind("order", label="Orders", at_most=2))
    return "order"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Somebody's project, in a database of its own, with a Celery app that rings directly, as most do."""
    name = f"{os.environ.get('TEST_DATABASE', 'test_bellhop')}_due"
    with database(name):
        url = redis_number(live_settings.BROKER_URL, 0)
        project = Project(
            tmp_path_factory.mktemp("due"), name, url, more='BELLHOP["WORK_SECONDS"] = 0.1\n'
        )
        run = project.run("-c", MIGRATE)
        assert run.code == 0, run.err
        yield project
