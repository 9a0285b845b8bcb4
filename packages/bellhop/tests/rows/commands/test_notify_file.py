"""`bellhop_notify --file`: CSV and JSON lines as programs write them, and a repeat sends what is missing."""

import io
import json
import sys
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from bellhop.bulk import send
from bellhop.bulk.files import checked
from bellhop.models import Notification, Preferences
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)
File = Callable[[bytes | str], str]


def sent(call: Call, name: str, *options: str) -> str:
    answer = call("bellhop_notify", "--file", name, *options)
    assert answer.code == 0
    assert [line for line in answer.err if not line.startswith("to repeat: --key ")] == []
    return answer.out[-1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_any_spreadsheet_writes_it(
    crowd: list[User], call: Call, file: File, begin: str, end: str, delimiter: str
) -> None:
    lines = [
        ["User", "message", "body"],
        ["u1", "hello", '"two' + end + 'lines, ""quoted"""'],
        [],
        ["", "", ""],
        ["u2@example.com", "Zoë", ""],
    ]
    name = file(begin + end.join(delimiter.join(line) for line in lines))
    assert sent(call, name) == "2 sent"
    row = Notification.objects.get(recipient=crowd[1])
    assert row.body == f'two{end}lines, "quoted"'
    assert got(crowd[2]) == ["Zoë"]


def test_every_column_arrives_from_either_format(crowd: list[User], call: Call, file: File) -> None:
    values = {
        "user": "u1", "message": "m", "body": "b", "url": "/x", "kind": "order", "key": "k",
        "expires": "2h", "thread": "t",
    }  # fmt: skip
    line = json.dumps({**values, "user": "u2", "data": {"n": [1]}})
    sent(call, file(f"\ufeff{line}\r\n\r\n"))
    names = ",".join([*values, "data"])
    sent(call, file(f'{names}\n{",".join(values.values())},"{{""n"": [1]}}"\n'))
    for user in crowd[1:3]:
        row = Notification.objects.get(recipient=user)
        assert (row.message, row.body, row.url, row.kind) == ("m", "b", "/x", "order")
        assert (row.key, row.thread, row.data) == ("k", "t", {"n": [1]})
        assert row.expires_at is not None


def test_what_a_line_does_not_say_the_options_say(
    crowd: list[User], call: Call, file: File
) -> None:
    name = file("user,message,kind\nu1,own,order\nu2,,\n")
    sent(call, name, "shared", "--kind", "news", "--url", "/x")
    rows = {row.recipient_id: row for row in Notification.objects.all()}
    assert (rows[crowd[1].pk].message, rows[crowd[1].pk].kind) == ("own", "order")
    assert (rows[crowd[2].pk].message, rows[crowd[2].pk].kind) == ("shared", "news")
    assert {row.url for row in rows.values()} == {"/x"}


def test_standard_input_is_read_like_a_file(
    crowd: list[User], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = io.TextIOWrapper(io.BytesIO(b"user,message\nu1,hello\n"))
    monkeypatch.setattr(sys, "stdin", given)
    assert sent(call, "-") == "1 sent"


def test_one_users_lines_arrive_in_the_files_order(
    crowd: list[User], call: Call, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "CHUNK", 2)
    monkeypatch.setattr(send, "AT_ONCE", 3)
    lines = [("u1", "a"), ("u2", "a"), ("u3", "a"), ("u1", "b"), ("u2", "b"), ("u1", "c")]
    name = file("user,message\n" + "".join(f"{user},{message}\n" for user, message in lines))
    assert sent(call, name) == "6 sent"
    assert [got(user) for user in crowd[1:4]] == [["a", "b", "c"], ["a", "b"], ["a"]]


def test_a_repeat_with_the_same_prefix_sends_only_what_is_missing(
    crowd: list[User], call: Call, file: File
) -> None:
    first = "user,message\nu1,hello\nu2,hello\n"
    assert sent(call, file(first), "--key", "news") == "2 sent"
    assert sent(call, file(first + "u3,hello\n"), "--key", "news") == "1 sent, 2 had it already"
    # What says something else is something else; so it is under another prefix.
    changed = first.replace("u2,hello", "u2,bye")
    assert sent(call, file(changed), "--key", "news") == "1 sent, 1 had it already"
    assert sent(call, file(first), "--key", "other") == "2 sent"
    assert got(crowd[2]) == ["hello", "bye", "hello"]


def test_after_ctrl_c_it_says_how_far_it_came_and_the_repeat_finishes(
    crowd: list[User], call: Call, file: File, interrupted: Callable[[str, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(send, "CHUNK", 2)
    name = file("user,message\n" + "".join(f"u{at},hello\n" for at in range(6)))
    interrupted("bellhop.bulk.send.notify_many", 3)
    answer = call("bellhop_notify", "--file", name)
    key = answer.err.pop(0).removeprefix("to repeat: --key ")
    assert (answer.code, answer.err) == (
        130, [f"interrupted; 4 sent. To go on: the same, with --key {key}"],
    )  # fmt: skip
    assert sent(call, name, "--key", key) == "2 sent, 4 had it already"
    assert [len(got(user)) for user in crowd] == [1] * 6 + [0]


def test_ctrl_c_while_it_is_checked_sends_nothing(
    crowd: list[User], call: Call, file: File, interrupted: Callable[[str, int], None]
) -> None:
    interrupted("bellhop.bulk.files.checked.check", 2)
    answer = call("bellhop_notify", "--file", file("user,message\nu1,a\nu2,b\n"))
    assert (answer.code, answer.err) == (130, ["interrupted; nothing was sent"])
    assert not Notification.objects.exists()


def test_a_dry_run_counts_and_sends_nothing(crowd: list[User], call: Call, file: File) -> None:
    name = file("user,message\nu1,a\nu2,a\n")
    sent(call, name, "--key", "k")
    longer = file("user,message\nu1,a\nu2,a\nu3,a\n")
    assert sent(call, longer, "--key", "k", "--dry-run") == "1 would be sent, 2 had it already"
    assert got(crowd[3]) == []


def test_refused_ones_are_counted_apart(crowd: list[User], call: Call, file: File) -> None:
    Preferences.objects.create(user=crowd[1], channels={"message": {"inbox": False}})
    name = file("user,message,kind\nu1,a,\nu2,a,\nu1,a,other\n")
    foreseen = sent(call, name, "--dry-run")
    assert foreseen == "2 would be sent, 1 would be refused by their preferences"
    assert sent(call, name) == "2 sent, 1 refused by their preferences"


def test_a_file_of_many_portions_is_sent_whole(
    crowd: list[User], call: Call, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "AT_ONCE", 2)
    monkeypatch.setattr(send, "AT_ONCE", 3)
    name = file("".join(json.dumps({"user": f"u{at}", "message": "x"}) + "\n" for at in range(6)))
    assert sent(call, name) == "6 sent"


def test_an_empty_file_sends_nothing(crowd: list[User], call: Call, file: File) -> None:
    assert sent(call, file("")) == "0 sent"
    assert sent(call, file("user,message\n")) == "0 sent"
