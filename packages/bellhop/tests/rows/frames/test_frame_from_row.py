"""From a row to what people see, and from nothing but the row."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.models import User

from bellhop import frame_from_row
from bellhop.models import Notification


def row(**columns: Any) -> Notification:
    return Notification(recipient_id=1, **{"seq": 1, **columns})


def test_a_login_welcomes_by_name_and_says_from_where_with_what() -> None:
    data = {"name": "Ada", "address": "192.0.2.7", "device": "Firefox on Windows"}
    fields = frame_from_row.fields(row(kind="login", data=data))
    assert fields["message"] == "Welcome back, Ada"
    assert fields["body"] == "Signed in from 192.0.2.7 with Firefox on Windows."


@pytest.mark.parametrize(
    ("data", "message", "body"),
    [
        ({}, "Welcome back, you", ""),
        ({"name": ""}, "Welcome back, you", ""),
        ({"name": None}, "Welcome back, you", ""),
        ({"name": "Ada", "device": "curl"}, "Welcome back, Ada", "Signed in with curl."),
        ({"address": "::1"}, "Welcome back, you", "Signed in from ::1."),
        ({"name": "Ada\nLovelace "}, "Welcome back, Ada Lovelace", ""),
    ],
)
def test_a_login_says_what_it_knows(data: dict[str, Any], message: str, body: str) -> None:
    fields = frame_from_row.fields(row(kind="login", data=data))
    assert (fields["message"], fields["body"]) == (message, body)


def test_what_the_caller_wrote_wins() -> None:
    fields = frame_from_row.fields(
        row(kind="login", message="Hello", body="There", data={"name": "Ada"})
    )
    assert (fields["message"], fields["body"]) == ("Hello", "There")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines", "two lines"),
        ("  a\r\n\tb  ", "a b"),
        ("a\u2028b\u2029c\x0bd\x85e", "a b c d e"),
        ("<b>not</b> & markup", "<b>not</b> & markup"),
        ("ümläut 🛎", "ümläut 🛎"),
    ],
)
def test_a_message_is_one_line_whatever_the_caller_wrote(written: str, shown: str) -> None:
    message = frame_from_row.fields(row(message=written))["message"]
    assert message == shown
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("kind", "message"), [("from.the.future", "from.the.future"), ("message", "Messages")]
)
def test_a_kind_without_words_is_never_empty(kind: str, message: str) -> None:
    """It says its label, and one that nobody has declared its name."""
    assert frame_from_row.fields(row(kind=kind))["message"] == message


def test_created_is_rfc_3339_in_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    created = datetime(2026, 1, 2, 3, 4, 5, 678_912, there)
    assert frame_from_row.fields(row(created=created))["created"] == "2026-01-01T21:34:05.678Z"


@pytest.mark.parametrize("read_at", [None, datetime(2026, 1, 1, tzinfo=UTC)])
def test_read_is_whether_it_was_read(read_at: datetime | None) -> None:
    assert frame_from_row.fields(row(read_at=read_at))["read"] is (read_at is not None)


def test_a_frame_is_the_fields_and_its_type() -> None:
    one = row(message="hi", data={"n": 1}, url="/x")
    assert frame_from_row.frame(one) == {"type": "notification", **frame_from_row.fields(one)}
    assert set(frame_from_row.frame(one)) == {
        "type", "id", "seq", "kind", "message", "body", "url", "data", "created", "read",
    }  # fmt: skip


def test_a_frame_is_json_and_tells_nothing_internal() -> None:
    text = json.dumps(frame_from_row.frame(row(message="hi", key="secret-key", request_id="req-1")))
    assert "secret-key" not in text
    assert "req-1" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["login", "message", "unknown"])
def test_composing_asks_the_database_nothing(
    user: User, kind: str, django_assert_num_queries: Any
) -> None:
    pk = Notification.objects.create(recipient=user, seq=1, kind=kind).pk
    stored = Notification.objects.get(pk=pk)
    with django_assert_num_queries(0):
        frame_from_row.frame(stored)
