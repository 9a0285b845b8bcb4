"""Files that are broken: each bad line is named by its number, and nothing is sent unless the good ones shall be."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from bellhop.models import Notification
from rows.commands.conftest import Call, got

pytestmark = pytest.mark.django_db(transaction=True)
File = Callable[[bytes | str], str]

BAD = (
    b'user,message,url,data,expires,key\r\n'
    b'u1,good,,,,\r\n'                                  # 2
    b'nobody,x,,,,\r\n'                                 # 3
    b'u2,Zo\xeb,,,,\r\n'                                # 4
    b'u2,"two\r\nlines",javascript:x,,,\r\n'            # 5 and 6
    b'\r\n'                                             # 7
    b'u2,x,,,\r\n'                                      # 8
    b'u2,x,,[1],,\r\n'                                  # 9
    b'u2,x,,,soon,\r\n'                                 # 10
    b',x,,,,\r\n'                                       # 11
    b'u2,,,,,\r\n'                                      # 12
    b'u1,good,,,,\r\n'                                  # 13
    b'u2,x,,,,k\r\n'                                    # 14
    b'u2,other words,,,,k\r\n'                          # 15
    b'u2,"x"y,,,,\r\n'                                  # 16
    b'u3,good,,,,k\r\n'                                 # 17
    b'u4,"never ends,,,,\r\nu5,x,,,,\r\n'               # 18
)  # fmt: skip

FOUND = [
    "line 3: there is no user 'nobody'",
    "line 4: message: not UTF-8 (byte 0xeb)",
    "line 5: url 'javascript:x': a path of this site or an http(s) address",
    "line 8: 5 columns, and the header has 6",
    'line 9: data: a JSON object, such as {"order": "7"}',
    "line 10: expires 'soon': such as 90s, 30m, 2h, 7d or 2026-12-24T18:00+01:00",
    "line 11: there is no user ''",
    "line 12: message: it is empty, and the kind makes none",
    "line 13: says the same to the same user as line 2",
    "line 15: has the user and the key of line 14",
    "line 16: ',' expected after '\"'",
    "line 18: unexpected end of data",
]


def test_each_bad_line_is_named_and_nothing_is_sent(
    crowd: list[User], call: Call, file: File
) -> None:
    answer = call("bellhop_notify", "--file", file(BAD))
    assert answer.err == [*FOUND, f"{len(FOUND)} bad lines: nothing was sent"]
    assert answer.code == 1
    assert not Notification.objects.exists()


def test_with_skip_bad_the_good_ones_are_sent(crowd: list[User], call: Call, file: File) -> None:
    answer = call("bellhop_notify", "--file", file(BAD), "--skip-bad")
    assert answer.err[:-2] == FOUND
    assert answer.err[-2].startswith("to repeat: --key notify-")
    assert answer.err[-1] == f"{len(FOUND)} bad lines were passed over"
    assert answer.out[-1] == "3 sent"
    assert answer.code == 3
    assert [got(user) for user in crowd[1:6]] == [["good"], ["x"], ["good"], [], []]


def test_a_dry_run_names_them_too(crowd: list[User], call: Call, file: File) -> None:
    answer = call("bellhop_notify", "--file", file(BAD), "--skip-bad", "--dry-run")
    assert (answer.out[-1], answer.code) == ("3 would be sent", 3)
    assert not Notification.objects.exists()


def test_bad_json_lines_are_named(crowd: list[User], call: Call, file: File) -> None:
    lines = [
        '{"user": "u1", "message": "good"}',
        '{"user": "u1", "message": "broken"',
        "[1]",
        '{"user": "u1", "message": "x", "to": "u2"}',
        '{"user": "u1", "message": 7}',
        "",
        '{"user": "u1", "message": "x", "data": [1]}',
        '{"message": "x"}',
        '{"user": "u1", "message": "\\ud800"}',
        '{"user": "u1", "message": "a\\u0000b"}',
        '{"user": "u1", "message": "x", "data": ' + 5000 * "[" + 5000 * "]" + "}",
    ]
    answer = call("bellhop_notify", "--file", file("\n".join(lines)))
    assert [line.split(":")[0] for line in answer.err[:-1]] == [
        f"line {at}" for at in (2, 3, 4, 5, 7, 8, 9, 10, 11)
    ]
    assert "not JSON" in answer.err[0]
    assert "'to': none of user" in answer.err[2]
    assert not Notification.objects.exists()


def test_one_who_could_be_two_people_is_a_bad_line(
    crowd: list[User], call: Call, file: File
) -> None:
    User.objects.create(username="u1@example.com")
    answer = call(
        "bellhop_notify", "--file", file("user,message\nu1@EXAMPLE.com,a\nu1@example.com,b\n")
    )
    assert answer.err[0] == "line 3: 'u1@example.com' is the name or address of more than one user"
    assert len(answer.err) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name,message\nu1,x\n", "the header has a column 'name'"),
        ("message\nx\n", "the header has no column 'user'"),
        ("user,user\nu1,u1\n", "the header has the column 'user' twice"),
        ("user,message\nu1,x\n".encode("utf-16"), "UTF-16: save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the header has a column"),
        ("user,message\nu1," + "x" * 1_100_000, "longer than"),
    ],
)
def test_a_file_that_is_none_is_one_line(
    crowd: list[User], call: Call, file: File, content: str | bytes, words: str
) -> None:
    answer = call("bellhop_notify", "--file", file(content), "--skip-bad")
    assert (answer.code, len(answer.err)) == (1, 1)
    assert words in answer.err[0]
    assert not Notification.objects.exists()


def test_a_file_that_is_not_there_is_one_line(db: None, call: Call, tmp_path: object) -> None:
    answer = call("bellhop_notify", "--file", f"{tmp_path}/none")
    assert (answer.code, answer.err) == (1, [f"{tmp_path}/none: No such file or directory"])


def test_a_message_of_more_than_a_frame_is_a_bad_line(
    crowd: list[User], call: Call, file: File
) -> None:
    line = json.dumps({"user": "u1", "message": "x", "body": "x" * 40_000})
    answer = call("bellhop_notify", "--file", file(line))
    assert answer.err[0].startswith("line 1: message, body, url and data take")
