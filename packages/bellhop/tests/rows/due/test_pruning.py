"""What is kept no longer is looked for once an hour, by one runner of all, and one that died is replaced."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bellhop.due import pruning
from bellhop.due.runner import Runner
from bellhop.models import DueWork, Notification
from bellhop.notify import notify
from bellhop.retention import prune
from bellhop.retention.prune import Sweep

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(prune, "_sweep", Sweep())
    # On a busy machine a second may be over before all rows are looked through.
    monkeypatch.setattr(pruning, "SECONDS", 30.0)
    settings.BELLHOP = settings.BELLHOP | {"KEEP_DAYS": 30}


def old(user: User) -> None:
    row = notify(user, "x")
    Notification.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(days=31))


def ago(name: str, time: timedelta) -> None:
    DueWork.objects.filter(name=name).update(done_at=timezone.now() - time)


def test_what_is_kept_no_longer_goes_and_an_hour_later_again(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old(user)
    kept = notify(user, "young")
    done = Runner().run_once()
    assert (done.pruned, done.is_pruned) == (1, True)
    assert list(Notification.objects.all()) == [kept]
    old(user)
    monkeypatch.setattr(prune, "_sweep", Sweep())
    assert Runner().run_once().pruned == 0, "another process, within the hour"
    ago(pruning.THROUGH, HOUR)
    ago(pruning.TASK, HOUR)
    assert Runner().run_once().pruned == 1


def test_one_runner_does_it_and_who_died_is_replaced(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []

    def prune_some(seconds: float) -> int:
        calls.append(seconds)
        return 0

    monkeypatch.setattr(prune, "prune_some", prune_some)
    monkeypatch.setattr(prune, "is_through", lambda: False)
    first, second = Runner(), Runner()
    assert not first.run_once().is_pruned
    assert second.run_once().is_pruned
    assert not first.run_once().is_pruned
    assert calls == [pruning.SECONDS] * 2
    # The first has died: nobody renews its note.
    ago(pruning.TASK, timedelta(seconds=pruning.LEASE))
    assert not Runner().run_once().is_pruned
    assert second.run_once().is_pruned, "it asks again after a while"


def test_a_runner_that_was_held_up_for_long_stops_where_another_has_taken_over(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "prune_some", lambda _: 0)
    monkeypatch.setattr(prune, "is_through", lambda: False)
    clock = [1000.0]
    monkeypatch.setattr(pruning, "monotonic", lambda: clock[0])
    first = pruning.Pruning()
    assert first.go_on() == (0, False)
    clock[0] += pruning.LEASE
    ago(pruning.TASK, timedelta(seconds=pruning.LEASE))
    assert pruning.Pruning().go_on() == (0, False)
    assert first.go_on() == (0, True)


def test_a_clock_that_was_set_back_delays_nothing(user: User) -> None:
    DueWork.objects.create(name=pruning.THROUGH, done_at=timezone.now() + HOUR)
    DueWork.objects.create(name=pruning.TASK, done_at=timezone.now() + HOUR)
    old(user)
    assert Runner().run_once().pruned == 1
