"""`bellhop_notify --all` and `--group`: each of them once, and a repeat sends what is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from bellhop.bulk import progress, run
from bellhop.models import Notification, Preferences, Refusal
from bellhop.preferences.choices import EVERY, mute
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TOGETHER", 3)
    monkeypatch.setattr("bellhop.bulk.send.CHUNK", 2)


def test_all_are_the_active_users_each_once(crowd: list[User], call: Call) -> None:
    answer = call("bellhop_notify", "--all", "hello", "--body", "more", "--url", "/x")
    assert answer.out[-1] == "6 sent"
    assert [got(user) for user in crowd] == [["hello"]] * 6 + [[]]
    row = Notification.objects.filter(recipient=crowd[0]).get()
    assert (row.body, row.url) == ("more", "/x")


def test_a_group_are_its_active_members(crowd: list[User], call: Call) -> None:
    group = Group.objects.create(name="editors")
    group.user_set.set([crowd[1], crowd[4], crowd[6]])
    Group.objects.create(name="empty")
    assert call("bellhop_notify", "--group", "editors", "hello").out[-1] == "2 sent"
    assert [user.username for user in crowd if got(user)] == ["u1", "u4"]
    assert call("bellhop_notify", "--group", "empty", "hello").out[-1] == "0 sent"
    answer = call("bellhop_notify", "--group", "nobody's", "hello")
    assert (answer.code, answer.err) == (1, ['there is no group "nobody\'s"'])


def test_a_dry_run_says_to_how_many_and_sends_nothing(crowd: list[User], call: Call) -> None:
    call("bellhop_notify", "u2", "before", "--key", "k")
    answer = call("bellhop_notify", "--all", "hello", "--key", "k", "--dry-run")
    assert answer.out == ["5 would be sent, 1 had it already"]
    assert call("bellhop_notify", "u1", "hello", "--dry-run").out == ["would send to u1"]
    answer = call("bellhop_notify", "u2", "hello", "--key", "k", "--dry-run")
    assert answer.out == ["u2 had it already"]
    assert Notification.objects.count() == 1


def test_a_repeat_with_the_key_sends_only_what_is_missing(crowd: list[User], call: Call) -> None:
    call("bellhop_notify", "u2", "before", "--key", "k")
    assert call("bellhop_notify", "--all", "hello", "--key", "k").out == [
        "5 sent, 1 had it already"
    ]
    assert call("bellhop_notify", "--all", "hello", "--key", "k").out == [
        "0 sent, 6 had it already"
    ]
    assert [len(got(user)) for user in crowd] == [1] * 6 + [0]


def test_after_ctrl_c_it_says_how_far_it_came_and_the_repeat_finishes(
    crowd: list[User], call: Call, interrupted: Callable[[str, int], None]
) -> None:
    interrupted("bellhop.bulk.send.notify_many", 3)
    answer = call("bellhop_notify", "--all", "hello")
    assert answer.code == 130
    key = answer.err[0].removeprefix("to repeat: --key ")
    assert answer.err[1:] == [f"interrupted; 3 sent. To go on: the same, with --key {key}"]
    assert [len(got(user)) for user in crowd] == [1] * 3 + [0] * 4
    assert call("bellhop_notify", "--all", "hello", "--key", key).out == [
        "3 sent, 3 had it already"
    ]
    assert [len(got(user)) for user in crowd] == [1] * 6 + [0]


def test_without_a_key_two_calls_are_two_notifications(crowd: list[User], call: Call) -> None:
    call("bellhop_notify", "--all", "hello")
    call("bellhop_notify", "--all", "hello")
    assert got(crowd[0]) == ["hello", "hello"]


def test_refused_and_gone_are_counted_apart(
    crowd: list[User], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    Preferences.objects.create(user=crowd[1], channels={"message": {"inbox": False}})
    from bellhop.bulk import send

    original = send.notify_many

    def deleting(users: Any, **arguments: Any) -> Any:
        if crowd[5] in users:
            User.objects.filter(pk=crowd[5].pk).delete()
        return original(users, **arguments)

    monkeypatch.setattr(send, "notify_many", deleting)
    answer = call("bellhop_notify", "--all", "hello")
    assert answer.out[-1] == "4 sent, 1 refused by their preferences, 1 gone"
    assert got(crowd[1]) == []


def test_who_refuses_is_named_to_who_sends_to_them_alone(crowd: list[User], call: Call) -> None:
    Preferences.objects.create(user=crowd[1], channels={"message": {"inbox": False}})
    said = "u1 has muted Messages, or keeps them out of the list"
    answer = call("bellhop_notify", "u1", "x", "--dry-run")
    assert (answer.out, answer.code) == ([f"would not be sent: {said}"], 0)
    answer = call("bellhop_notify", "u1", "x")
    assert (answer.out, answer.code) == ([f"not sent: {said}"], 0)
    mute(crowd[1].pk, EVERY, None)
    answer = call("bellhop_notify", "u1", "x", "--kind", "nope")
    assert answer.out == ["not sent: u1 has muted 'nope', or keeps them out of the list"]


def test_a_dry_run_tells_who_would_refuse_and_counts_no_refusal(
    crowd: list[User], call: Call
) -> None:
    for user in crowd[1:3]:
        Preferences.objects.create(user=user, channels={"message": {"inbox": False}})
    # Who has it already is not asked: they are passed over.
    call("bellhop_notify", "u3", "before", "--key", "k")
    call("bellhop_notify", "u2", "before", "--key", "k", "--kind", "order")
    arguments = ["bellhop_notify", "--all", "hello", "--key", "k"]
    rest = "2 had it already, 1 refused by their preferences"
    assert call(*arguments, "--dry-run").out == [
        "3 would be sent, 2 had it already, 1 would be refused by their preferences"
    ]
    assert call(*arguments, "--kind", "order", "--dry-run").out == [
        "4 would be sent, 2 had it already"
    ]
    assert not Refusal.objects.exists()
    assert call(*arguments).out == [f"3 sent, {rest}"]


def test_a_new_key_is_said_only_before_something_is_sent(
    crowd: list[User], call: Call, tmp_path: Path
) -> None:
    Group.objects.create(name="empty")
    empty, bad, good = (tmp_path / name for name in ("empty", "bad", "good"))
    empty.write_text("")
    bad.write_text("user,message\nnobody,x\n")
    good.write_text("user,message\nu1,x\n")
    for arguments in (
        ["--file", str(tmp_path / "none")], ["--file", str(empty)], ["--file", str(bad)],
        ["--file", str(good), "--dry-run"], ["--all", "x", "--dry-run"], ["--group", "none", "x"],
        ["--group", "empty", "x"], ["--all", "x", "--key", "k"],
    ):  # fmt: skip
        answer = call("bellhop_notify", *arguments)
        assert "to repeat" not in "".join(answer.out + answer.err), arguments
    for arguments in (["--file", str(good)], ["--all", "x"]):
        answer = call("bellhop_notify", *arguments)
        (line,) = answer.err
        assert line.startswith("to repeat: --key notify-")
        assert len(answer.out) == 1
        call("bellhop_notify", *arguments, "--key", line.removeprefix("to repeat: --key "))
    # One of the file, and three to all.
    assert got(crowd[1]) == ["x"] * 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "to whom?"),
        (["--all"], "message: it is empty, and the kind makes none"),
        (
            ["u1", "--kind", "nope"],
            "no kind 'nope' is declared, and without one a message is needed",
        ),
        (["--all", "  "], "empty"),
        (["--all", "two", "words"], "'words' is one word too many"),
        (["u1", "two", "words"], "'words' is one word too many"),
        (["--all", "x", "--data", "[1]"], "data: a JSON object"),
        (["--all", "x", "--data", "{"], "data: not JSON"),
        (["--all", "x", "--expires", "soon"], "expires 'soon'"),
        (["--all", "x", "--expires", "2020-01-01"], "expires"),
        (["--all", "x", "--kind", "No"], "kind"),
        (["--all", "x", "--url", "javascript:x"], "url"),
        (["--all", "x", "--skip-bad"], "--skip-bad is for --file"),
        (["--all", "--group", "g", "x"], "not allowed with"),
    ],
)
def test_what_cannot_be_sent_is_one_line_and_nothing_is_sent(
    crowd: list[User], call: Call, arguments: list[str], words: str
) -> None:
    answer = call("bellhop_notify", *arguments)
    assert answer.code == 1
    assert words in answer.err[-1]
    assert not Notification.objects.exists()


def test_every_option_arrives(crowd: list[User], call: Call) -> None:
    call(
        "bellhop_notify", "u1", "--body", "more", "hello", "--kind", "order", "--thread", "7",
        "--data", '{"n": 1}', "--expires", "2h", "--key", "k", "--url", "/x",
    )  # fmt: skip
    row = Notification.objects.get()
    assert (row.message, row.body, row.kind, row.thread) == ("hello", "more", "order", "7")
    assert (row.data, row.key, row.url) == ({"n": 1}, "k", "/x")
    assert row.expires_at is not None
    assert 7190 < (row.expires_at - row.created).total_seconds() < 7210


class _Stream:
    def __init__(self, *, isatty: bool) -> None:
        self.text, self._isatty = "", isatty

    def isatty(self) -> bool:
        return self._isatty

    def write(self, text: str, ending: str = "\n") -> None:
        self.text += text + ending

    def flush(self) -> None:
        pass


def test_a_terminal_gets_a_bar_and_a_log_lines_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    bar, log = _Stream(isatty=True), _Stream(isatty=False)
    shown = [progress.Progress(stream, 100) for stream in (bar, log)]
    for second in range(1, 11):
        now[0] = float(second)
        for each in shown:
            each.tell(second * 5, "2 refused")
    for each in shown:
        each.end()
    assert log.text.splitlines() == [
        "25 of 100, 5/s, 0:15 left; 2 refused",
        "50 of 100, 5/s, 0:10 left; 2 refused",
    ]
    assert "\n" not in bar.text
    assert f"[{'#' * 15}{'.' * 15}] 50 of 100" in bar.text
    assert bar.text.endswith("\r\x1b[K")


def test_a_broadcast_fetches_users_in_portions(
    crowd: list[User], call: Call, django_assert_num_queries: Any
) -> None:
    """So that a million of them take no more memory than a thousand."""
    fetched: list[int] = []
    from bellhop.bulk.people import everybody, in_chunks

    fetched = [len(some) for some in in_chunks(everybody(), 4)]
    assert fetched == [4, 2]
    with django_assert_num_queries(3):
        assert [len(some) for some in in_chunks(everybody(), 3)] == [3, 3]
