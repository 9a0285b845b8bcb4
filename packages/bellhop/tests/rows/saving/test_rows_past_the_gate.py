"""Rows that came past notify(), by the ORM or by SQL: whatever they hold, their frame can be sent, and is bounded."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES
from bellhop.models import Notification
from bellhop.ring.channel_layer import DoorbellLayer

pytestmark = pytest.mark.django_db

LAYER = DoorbellLayer("redis://127.0.0.1:1")


def sent(row: Notification) -> Any:
    """The row's frame as it arrives; fails where msgpack or strict JSON would not take it, or it is too long."""
    frame = frame_from_row.frame(row)
    carried = LAYER.deserialize(LAYER.serialize(frame))
    text = json.dumps(carried, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert len(text.encode()) <= FRAME_BYTES
    return json.loads(text)


def stored(user: User, data: str = "{}", **columns: Any) -> Notification:
    """A row whose `data` is that text of JSON, as PostgreSQL keeps it."""
    row = Notification.objects.create(recipient=user, seq=1, **columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bellhop_notification SET data = %s::jsonb WHERE id = %s", [data, row.pk]
        )
    found = Notification.objects.get(pk=row.pk)
    Notification.objects.filter(pk=row.pk).delete()
    return found


@pytest.mark.parametrize(
    ("data", "carried"),
    [
        ('{"n": 18446744073709551615, "m": -9223372036854775808}', {"n": 2**64 - 1, "m": -(2**63)}),
        ('{"n": 18446744073709551617}', {"n": "18446744073709551617"}),
        ('{"n": -9223372036854775809}', {"n": "-9223372036854775809"}),
        ('{"n": 1e300}', {"n": 1e300}),
        ('{"n": 1e400}', {"n": "1" + "0" * 400}),
        ('{"n": [{"m": 123456789012345678901}]}', {"n": [{"m": "123456789012345678901"}]}),
        ('{"n": 1e400, "m": "kept"}', {"n": "1" + "0" * 400, "m": "kept"}),
        (f'{{"n": {"9" * 400}.5}}', {"n": None}),
        ("[1, 2]", {}),
        ('"text"', {}),
        ("null", {}),
        ("7", {}),
        (f'{{"n": {"9" * 5000}}}', {}),
        ("[" * 3000 + "]" * 3000, {}),
        ('{"x":' * 40 + "1" + "}" * 40, {}),
        ('{"x":' * 600 + "1" + "}" * 600, {}),
        ('{"x":' * 3000 + "1" + "}" * 3000, {}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_the_wire_does_not_carry_is_sent_as_text_or_left_out(
    user: User, data: str, carried: dict[str, Any]
) -> None:
    row = stored(user, data, message="still here")
    assert (sent(row)["data"], sent(row)["message"]) == (carried, "still here")


@pytest.mark.parametrize("data", ["[]", '"x"', "null", '{"name": [1], "address": 7}'])
def test_a_login_of_odd_facts_is_welcomed_all_the_same(user: User, data: str) -> None:
    assert sent(stored(user, data, kind="login"))["message"].startswith("Welcome back, ")


NUMERALS = st.builds(
    "{}{}{}e{}".format,
    st.sampled_from(["", "-"]),
    st.integers(0, 10**30),
    st.sampled_from(["", ".5", ".000000000000000000001"]),
    st.integers(-400, 400),
)
JSONB = st.recursive(
    NUMERALS | st.text(st.characters(exclude_characters="\x00")).map(json.dumps) | st.just("null"),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda some: f"[{','.join(some)}]")
        | st.lists(inner, max_size=4).map(
            lambda some: "{" + ",".join(f'"{at}":{one}' for at, one in enumerate(some)) + "}"
        )
    ),
    max_leaves=10,
).filter(lambda text: "\\ud" not in text)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@settings(
    database=None,
    derandomize=True,
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example("{}", "x", "\x01", 40_000)
@example('{"x": "' + "y" * 30_000 + '"}', "\U0001f514", '"', 20_000)
@given(JSONB, TEXTS, TEXTS, st.sampled_from([1, 1, 700, 40_000]))
def test_whatever_a_row_holds_its_frame_is_sent_within_the_bound(
    user: User, data: str, message: str, body: str, times: int
) -> None:
    frame = sent(stored(user, data, message=message * times, body=body * times, url=body))
    assert isinstance(frame["data"], dict)
    assert frame["message"]


def test_a_long_row_is_shortened_and_says_so(user: User) -> None:
    data = {"order": 7}
    frame = sent(stored(user, json.dumps(data), message="m" * 10**6, body="b" * 10**7, url="/x"))
    assert frame["message"].startswith("mmm")
    assert frame["body"].startswith("b" * 25_000)
    assert frame["message"].endswith("m…")
    assert frame["body"].endswith("b…")
    assert (frame["data"], frame["url"]) == (data, "/x")
    assert frame_from_row.size_of(stored(user, body="b" * 10**7)) > FRAME_BYTES


def test_data_is_left_out_only_where_there_is_no_room_for_it(user: User) -> None:
    kept = sent(stored(user, json.dumps({"x": "y" * 25_000}), message="m", body="b" * 10**5))
    assert kept["data"] == {"x": "y" * 25_000}
    assert kept["body"].endswith("b…")
    dropped = sent(stored(user, json.dumps({"x": "y" * 40_000}), message="m", body="b" * 100))
    assert (dropped["data"], dropped["message"], dropped["body"]) == ({}, "m", "b" * 100)


def test_half_an_address_is_none(user: User) -> None:
    assert sent(stored(user, message="m", url="/" + "x" * 40_000))["url"] == ""
    assert sent(stored(user, message="m", body="b" * 40_000, url="/" + "x" * 900))["url"] == (
        "/" + "x" * 900
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"message": " \n "}, "Messages"),
        ({"message": "\u200b"}, "Messages"),
        ({"message": "", "kind": ""}, "Notification"),
        ({"message": "a\x07b\x1b[31m\u202ecod.exe"}, "ab[31mcod.exe"),
        ({"message": "\u2068isolated\u2069"}, "\u2068isolated\u2069"),
    ],
)
def test_a_message_is_never_empty_and_turns_nothing_around(
    user: User, columns: dict[str, Any], message: str
) -> None:
    assert sent(stored(user, **columns))["message"] == message
