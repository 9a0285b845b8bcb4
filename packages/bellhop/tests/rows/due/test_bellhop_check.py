"""What `bellhop_check` says of who looks after what is due."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bellhop.checks.running.due import NOBODY, try_due
from bellhop.due.runner import run_once
from bellhop.kinds import Kind
from bellhop.models import DueWork, Notification
from bellhop.notify import notify
from rows.conftest import Kinds
from rows.due.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


def said() -> list[str]:
    return [str(finding) for finding in try_due()]


def test_who_has_looked_lately_is_told(db: None, clock: Clock) -> None:
    run_once()
    assert said() == ["ok due: somebody looks after what is due, 0 s ago"]
    # A cron job each minute.
    DueWork.objects.update(done_at=timezone.now() - MINUTE * 1.2)
    assert said()[0].startswith("ok due: ")
    # Another machine's clock.
    DueWork.objects.update(done_at=timezone.now() + MINUTE)
    assert said() == ["ok due: somebody looks after what is due, 0 s ago"]


def test_where_nobody_has_looked_it_is_a_note_as_long_as_nothing_waits(user: User) -> None:
    notify(user, "x", expires=MINUTE)
    assert said() == [f"note {NOBODY}"]
    run_once()
    DueWork.objects.update(done_at=timezone.now() - 2 * MINUTE)
    assert said() == [f"note {NOBODY}"]


@pytest.mark.parametrize(
    "column", [{"expires_at": timezone.now() - 2 * MINUTE}, {"in_storm": True, "toast": False}]
)
def test_it_is_missing_where_something_waits(user: User, column: Any) -> None:
    row = notify(user, "x")
    Notification.objects.filter(pk=row.pk).update(created=timezone.now() - 2 * MINUTE, **column)
    assert said() == [f"missing {NOBODY}"]


def test_it_is_missing_where_something_shall_be_kept_for_a_time(
    db: None, settings: Any, kinds: Kinds
) -> None:
    assert said() == [f"note {NOBODY}"]
    settings.BELLHOP = settings.BELLHOP | {"KEEP_DAYS": 30}
    assert said() == [f"missing {NOBODY}"]
    settings.BELLHOP = settings.BELLHOP | {"KEEP_DAYS": None}
    kinds(Kind("brief", keep=timedelta(days=1)))
    assert said() == [f"missing {NOBODY}"]
