"""`bellhop_prune`, `bellhop_export` and `bellhop_erase`, as a shell calls them."""

import io
import json
import stat
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from bellhop.models import Notification, Preferences, Refusal
from bellhop.notify import notify
from bellhop.preferences.choices import EVERY, mute
from bellhop.retention import person
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)


def add(user: User, message: str, *, days: float, kind: str = "message") -> None:
    row = notify(user, message, kind=kind)
    when = timezone.now() - timedelta(days=days)
    Notification.objects.filter(pk=row.pk).update(created=when)


@pytest.fixture
def old_and_new(user: User, other: User) -> None:
    for days in (40, 20, 0):
        add(user, f"m{days}", days=days)
        add(other, f"o{days}", days=days, kind="order")


def test_what_is_older_than_so_many_days_goes_and_is_counted_by_kind(
    user: User, other: User, old_and_new: None, call: Call
) -> None:
    answer = call("bellhop_prune", "--days", "30")
    assert answer.out == ["message: deleted 1", "order: deleted 1", "deleted 2"]
    assert (got(user), got(other)) == (["m20", "m0"], ["o20", "o0"])


def test_one_kind_alone(user: User, other: User, old_and_new: None, call: Call) -> None:
    answer = call("bellhop_prune", "--kind", "order", "--newest", "1")
    assert (answer.out, answer.err) == (["order: deleted 2"], [])
    assert (got(user), got(other)) == (["m40", "m20", "m0"], ["o0"])


def test_a_kind_that_is_neither_declared_nor_found_is_noted(
    user: User, old_and_new: None, call: Call
) -> None:
    answer = call("bellhop_prune", "--kind", "chat", "--newest", "1")
    note = "no kind 'chat' is declared"
    assert (answer.out, answer.err, answer.code) == (["deleted 0"], [note], 0)
    assert call("bellhop_prune", "--kind", "login", "--newest", "1").err == []
    # Undeclared, and there: no misspelling.
    answer = call("bellhop_prune", "--kind", "order", "--newest", "1", "--dry-run")
    assert (answer.out, answer.err) == (["order: would delete 2"], [])


def test_without_a_limit_it_goes_by_what_is_declared(
    user: User, old_and_new: None, call: Call, settings: Any
) -> None:
    answer = call("bellhop_prune")
    assert "nothing says how long" in answer.out[0]
    assert answer.out[-1] == "deleted 0"
    settings.BELLHOP = {**settings.BELLHOP, "KEEP_DAYS": 30}
    assert call("bellhop_prune").out[-1] == "deleted 2"
    settings.BELLHOP["KEEP_NEWEST"] = 1
    answer = call("bellhop_prune", "--kind", "order")
    assert answer.code == 1
    assert "counted together with other kinds" in answer.err[0]
    assert call("bellhop_prune").out[-1] == "deleted 2"


def test_a_dry_run_says_the_same_and_deletes_nothing(
    user: User, old_and_new: None, call: Call
) -> None:
    answer = call("bellhop_prune", "--days", "30", "--dry-run", "--sessions")
    assert answer.out == ["message: would delete 1", "order: would delete 1", "would delete 2"]
    assert Notification.objects.count() == 6


def test_after_ctrl_c_it_says_how_many_are_gone_and_a_repeat_goes_on(
    user: User, other: User, old_and_new: None, call: Call, interrupted: Callable[[str, int], None]
) -> None:
    interrupted("bellhop.retention.prune.delete_batch", 3)
    answer = call("bellhop_prune", "--days", "10", "--batch", "1")
    assert answer.code == 130
    assert answer.out == ["message: deleted 2"]
    assert answer.err == ["interrupted; what was deleted stays so: call it again to go on"]
    assert (got(user), got(other)) == (["m0"], ["o40", "o20", "o0"])
    assert call("bellhop_prune", "--days", "10").out == ["order: deleted 2"]


def test_expired_sessions_go_where_they_are_asked_for(db: None, call: Call) -> None:
    past = timezone.now() - timedelta(hours=1)
    Session.objects.create(pk="expired", session_data="", expire_date=past)
    call("bellhop_prune", "--days", "1")
    assert Session.objects.count() == 1
    answer = call("bellhop_prune", "--days", "1", "--sessions")
    assert answer.out[-1] == "expired sessions (and what the project prunes with them): deleted 1"
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--days", "-1"], ["--days", "nan"], ["--days", "1e9"], ["--newest", "-1"],
        ["--days", "1", "--batch", "0"], ["--days", "1", "--batch", "501"], ["--newest", "1.5"],
    ],
)  # fmt: skip
def test_nonsense_is_one_line_and_deletes_nothing(
    user: User, old_and_new: None, call: Call, arguments: list[str]
) -> None:
    answer = call("bellhop_prune", *arguments)
    assert (answer.code, len(answer.err)) == (1, 1)
    assert arguments[-2] in answer.err[0]
    assert Notification.objects.count() == 6


def test_a_database_that_goes_away_is_one_line(
    user: User, old_and_new: None, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> int:
        raise OperationalError("the server\nclosed the connection")

    monkeypatch.setattr("bellhop.retention.prune.delete_batch", away)
    answer = call("bellhop_prune", "--days", "1")
    assert (answer.code, len(answer.err)) == (1, 1)
    assert "does not answer: the server closed the connection" in answer.err[0]


def test_an_export_is_json_that_others_cannot_read(user: User, call: Call, tmp_path: Path) -> None:
    notify(user, "héllo")
    whole = json.loads("\n".join(call("bellhop_export", "ada@example.com").out))
    assert whole["notifications"][0]["message"] == "héllo"
    target = tmp_path / "ada.json"
    answer = call("bellhop_export", "ada", "--output", str(target))
    assert answer.err == [f"written to {target}"]
    assert json.loads(target.read_text())["notifications"] == whole["notifications"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_export_that_fails_leaves_the_file_as_it_was(
    user: User, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ada.json"
    target.write_text("before")

    def failing(_: Any) -> Any:
        yield "half"
        raise OperationalError("gone")

    monkeypatch.setattr("bellhop.management.commands.bellhop_export.export", failing)
    answer = call("bellhop_export", "ada", "--output", str(target))
    assert (answer.code, answer.err) == (1, ["the database does not answer: gone"])
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_an_export_to_where_nothing_can_be_written_is_one_line(
    user: User, call: Call, tmp_path: Path
) -> None:
    answer = call("bellhop_export", "ada", "--output", f"{tmp_path}/no/such/file")
    assert (answer.code, len(answer.err)) == (1, 1)
    assert "No such file" in answer.err[0]


def test_an_erasure_is_asked_about_by_the_name(
    user: User, other: User, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    notify(user, "x")
    notify(other, "theirs")
    Preferences.objects.create(user=user)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    answer = call("bellhop_erase", "ada")
    assert (answer.code, answer.err) == (1, ["nobody is here to be asked: say --yes"])
    asked: list[str] = []
    answers = iter(["yes", "ada"])

    def said(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("builtins.input", said)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    answer = call("bellhop_erase", "ada")
    assert (answer.code, answer.err) == (1, ["nothing was deleted"])
    assert got(user) == ["x"]
    assert call("bellhop_erase", "ada").out == ["erased 1 notifications of ada"]
    assert "Delete 1 notifications" in asked[0]
    assert (got(user), got(other)) == ([], ["theirs"])
    assert not Preferences.objects.exists()
    assert User.objects.filter(pk=user.pk).exists()


def test_a_dry_run_says_what_would_be_erased_and_erases_nothing(
    user: User, other: User, call: Call
) -> None:
    notify(other, "theirs")
    answer = call("bellhop_erase", "ada", "--dry-run", "--yes")
    nothing = "would erase 0 notifications, no preferences and 0 counts of what was refused of ada"
    assert (answer.out, answer.err, answer.code) == ([nothing], [], 0)
    notify(user, "x")
    mute(user.pk, EVERY, None)
    notify(user, "refused")
    answer = call("bellhop_erase", "ada", "--dry-run")
    all_of_it = "1 notifications, the preferences and 1 counts of what was refused"
    assert answer.out == [f"would erase {all_of_it} of ada"]
    assert (got(user), got(other)) == (["x"], ["theirs"])
    assert (Preferences.objects.count(), Refusal.objects.count()) == (1, 1)


def test_with_yes_nobody_is_asked(user: User, call: Call) -> None:
    notify(user, "x")
    assert call("bellhop_erase", "ada", "--yes").out == ["erased 1 notifications of ada"]


def test_an_erasure_that_is_interrupted_says_how_to_finish(
    user: User, call: Call, monkeypatch: pytest.MonkeyPatch, interrupted: Callable[[str, int], None]
) -> None:
    monkeypatch.setattr(person, "AT_ONCE", 1)
    notify(user, "x")
    notify(user, "x")
    interrupted("bellhop.retention.person.delete_batch", 2)
    answer = call("bellhop_erase", "ada", "--yes")
    assert answer.code == 130
    assert "call it again to finish" in answer.err[0]
    assert call("bellhop_erase", "ada", "--yes").out == ["erased 1 notifications of ada"]


@pytest.mark.parametrize("command", [["bellhop_export"], ["bellhop_erase", "--yes"]])
def test_nobody_of_that_name_is_one_line(user: User, call: Call, command: list[str]) -> None:
    answer = call(*command, "nobody")
    assert (answer.code, answer.err) == (1, ["there is no user 'nobody'"])
