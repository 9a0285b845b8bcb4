"""What is kept no longer goes: by age and by number, of the kinds and people it is about, and of nobody else."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop import contract
from bellhop.kinds import Kind, registry
from bellhop.models import Inbox, Notification, Removal
from bellhop.notify import notify
from bellhop.retention import batches, find, prune, rules
from bellhop.retention.rules import Rule
from rows.conftest import Rings
from rows.waiting import PATIENCE, held_inbox, in_thread, somebody_waits_for_a_lock, until

# The process's own doorbell may say meanwhile that it found nobody.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rings")]

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def only_these_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})


def declare(name: str, **options: Any) -> None:
    registry.register(Kind(name, **options))


def add(user: User, message: str, *, days: float = 0, kind: str = "message") -> Notification:
    row = notify(user, message, kind=kind)
    Notification.objects.filter(pk=row.pk).update(created=timezone.now() - days * DAY)
    return row


def left(user: User) -> list[str]:
    rows = Notification.objects.filter(recipient=user).order_by("seq")
    return list(rows.values_list("message", flat=True))


def test_nothing_goes_where_nothing_says_so(user: User) -> None:
    add(user, "old", days=10_000)
    assert rules.declared() == []
    assert prune.prune(rules.declared()) == Counter()
    assert left(user) == ["old"]


def test_what_is_older_than_all_are_kept_goes(user: User, other: User, settings: Any) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_DAYS": 30}
    add(user, "old", days=30.01)
    add(user, "young", days=29.99)
    add(other, "theirs", days=31)
    assert prune.prune(rules.declared()) == Counter(message=2)
    assert (left(user), left(other)) == (["young"], [])


def test_a_kind_that_says_how_long_is_kept_as_long_and_the_others_as_all_are(
    user: User, settings: Any
) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_DAYS": 30}
    declare("code", keep=timedelta(hours=1))
    declare("order", keep=365 * DAY)
    declare("plain")
    for kind, days in (("code", 0.1), ("code", 0.01), ("order", 300), ("order", 400)):
        add(user, f"{kind} {days}", days=days, kind=kind)
    for kind in ("plain", "undeclared"):
        add(user, f"{kind} old", days=31, kind=kind)
        add(user, f"{kind} young", days=29, kind=kind)
    assert prune.prune(rules.declared()) == Counter(code=1, order=1, plain=1, undeclared=1)
    assert left(user) == ["code 0.01", "order 300", "plain young", "undeclared young"]


def test_the_newest_of_each_person_stay(user: User, other: User, settings: Any) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_NEWEST": 2}
    for at in range(4):
        add(user, str(at), kind="a" if at % 2 else "b")
    add(other, "theirs")
    assert prune.prune(rules.declared()).total() == 2
    assert (left(user), left(other)) == (["2", "3"], ["theirs"])


def test_a_kind_with_a_number_of_its_own_is_counted_by_itself(user: User, settings: Any) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_NEWEST": 3}
    declare("chat", keep_newest=1)
    for at in range(3):
        add(user, f"chat {at}", kind="chat")
        add(user, f"plain {at}")
    assert prune.prune(rules.declared()) == Counter(chat=2)
    assert left(user) == ["plain 0", "plain 1", "chat 2", "plain 2"]


def test_age_and_number_hold_together(user: User) -> None:
    declare("chat", keep=DAY, keep_newest=2)
    for days in (3, 0, 0, 2, 0):
        add(user, str(days), days=days, kind="chat")
    assert prune.prune(rules.declared()) == Counter(chat=4)
    assert left(user) == ["0"]


def test_open_pages_drop_what_is_pruned_and_nobody_else_hears_of_it(
    user: User, other: User, rings: Rings
) -> None:
    row, _ = add(user, "old", days=2), add(other, "young")
    before = len(rings.heard())
    prune.prune([Rule(is_of_others=True, keep=DAY)])
    assert rings.heard()[before:] == [(contract.RING_CHANGES, [user.pk])]
    assert Removal.objects.filter(recipient=user, notification_id=row.pk).exists()
    assert (Inbox.state_of(user.pk), Inbox.state_of(other.pk)) == ((1, 1, 0, 0), (1, 0, 1, 0))


def test_what_waits_for_its_number_stays(user: User) -> None:
    add(user, "waits", days=2)
    Notification.objects.update(seq=None)
    assert not prune.prune([Rule(is_of_others=True, keep=DAY, newest=1)])
    assert left(user) == ["waits"]


def test_a_batch_is_a_transaction_that_holds_its_own_inboxes_alone(user: User, other: User) -> None:
    """Somebody whose inbox is held keeps the prune waiting; whoever is not in that batch gets theirs meanwhile."""
    add(user, "old", days=2)
    add(user, "old", days=2)
    add(other, "old", days=2)
    assert user.pk < other.pk
    with transaction.atomic():
        Inbox.locked(other.pk)
        pruned = in_thread(prune.prune, [Rule(is_of_others=True, keep=DAY)], at_once=1)
        until(somebody_waits_for_a_lock)
        # Its first two batches are committed, and hold nobody.
        assert left(user) == []
        in_thread(notify, user, "new").result(PATIENCE)
        assert left(other) == ["old"]
    assert pruned.result(PATIENCE).total() == 3


def test_portions_and_people_cut_anywhere_leave_nothing_out(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "PEOPLE", 1)
    monkeypatch.setattr(find, "AHEAD", 2)
    monkeypatch.setattr(prune, "AHEAD", 2)
    for at in range(5):
        add(user, str(at), days=2)
        add(other, str(at), days=at % 2 * 2)
    told: list[int] = []
    done = prune.prune(
        [Rule(is_of_others=True, keep=DAY)],
        at_once=2,
        progress=lambda counts: told.append(counts.total()),
    )
    assert done.total() == 7
    assert (left(user), left(other)) == ([], ["0", "2", "4"])
    assert told == sorted(told)
    assert told[-1] == 7
    assert {2, 4} <= set(told)


@pytest.mark.parametrize("at_once", [0, -1, batches.AT_ONCE + 1])
def test_a_batch_that_would_hold_too_much_is_refused(user: User, at_once: int) -> None:
    add(user, "old", days=2)
    with pytest.raises(ValueError, match="batches of 1 to 500"):
        prune.prune([Rule(is_of_others=True, keep=DAY)], at_once=at_once)
    assert left(user) == ["old"]


def test_a_dry_run_counts_the_same_and_deletes_nothing(user: User, other: User) -> None:
    for at in range(3):
        add(user, str(at), days=2 - at, kind="a")
        add(other, str(at), days=2 - at, kind="b")
    chosen = [Rule(is_of_others=True, keep=1.5 * DAY), Rule(("b",), newest=1)]
    would = prune.prune(chosen, dry_run=True)
    assert Notification.objects.count() == 6
    assert would == prune.prune(chosen) == Counter(a=1, b=2)


def test_in_the_runners_time_it_goes_on_where_it_stopped(user: User, other: User) -> None:
    declare("message", keep=DAY)
    for person in (user, other):
        for at in range(3):
            add(person, str(at), days=2)
    sweep = prune.Sweep()
    some = [sweep.run(0) for _ in range(6)]
    assert sum(some) == 6
    assert Notification.objects.count() == 0


def test_between_two_sweeps_it_asks_the_database_nothing(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare("message", keep=DAY)
    sweep = prune.Sweep()
    sweep.run(10)
    add(user, "old", days=2)
    with CaptureQueriesContext(connection) as queries:
        assert sweep.run(10) == 0
    assert len(queries) == 0
    clock = prune.time.monotonic
    monkeypatch.setattr(prune.time, "monotonic", lambda: clock() + prune.EVERY)
    assert sweep.run(10) == 1


def test_an_error_is_told_and_the_next_call_goes_on_from_there(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "PEOPLE", 1)
    declare("message", keep=DAY)
    add(user, "old", days=2)
    add(other, "old", days=2)
    asked: list[Any] = []

    def failing(people: list[Any], *args: Any) -> Any:
        asked.append(people)
        if len(asked) == 2:
            raise connection.Database.OperationalError("away")
        return find.rows_of(people, *args)

    monkeypatch.setattr(prune, "rows_of", failing)
    sweep = prune.Sweep()
    with pytest.raises(connection.Database.OperationalError):
        sweep.run(10)
    assert (left(user), left(other)) == ([], ["old"])
    sweep.run(10)
    assert left(other) == []
    assert asked == [[user.pk], [other.pk], [other.pk]]


def test_an_inbox_that_somebody_holds_keeps_nobody_elses_rows(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "PEOPLE", 1)
    declare("message", keep=DAY)
    add(user, "old", days=2)
    add(other, "old", days=2)
    try:
        with held_inbox(user), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            sweep = prune.Sweep()
            with capture_logs() as lines:
                assert sweep.run(PATIENCE) == 1
    finally:
        connection.close()
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["prune_left"]
    assert (left(user), left(other)) == (["old"], [])


def test_one_kind_alone_goes_by_what_holds_for_it(settings: Any) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_DAYS": 30}
    declare("chat", keep_newest=5)
    declare("order", keep=DAY)
    assert rules.chosen("chat") == [Rule(("chat",), newest=5), Rule(("chat",), keep=30 * DAY)]
    assert rules.chosen("order") == [Rule(("order",), keep=DAY)]
    assert rules.chosen("other") == [Rule(("other",), keep=30 * DAY)]
    assert rules.chosen("chat", keep=DAY) == [Rule(("chat",), keep=DAY)]
    assert rules.chosen(newest=7) == [Rule(is_of_others=True, newest=7)]
    settings.BELLHOP["KEEP_NEWEST"] = 100
    assert rules.chosen("chat")[0] == Rule(("chat",), newest=5)
    with pytest.raises(LookupError, match="counted together"):
        rules.chosen("order")
