"""What notify() takes, and what it refuses by name: nothing but ValueError comes out, and then nothing is written."""

import enum
import json
import math
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import structlog
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import transaction
from django.utils.functional import Promise, SimpleLazyObject, lazy, lazystr
from django.utils.translation import gettext_lazy, override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bellhop import frame_from_row
from bellhop.contract import DATA_DEPTH, FRAME_BYTES, INTEGER_MAX, INTEGER_MIN
from bellhop.models import Inbox, Notification
from bellhop.notify import notify, notify_many
from bellhop.ring.channel_layer import DoorbellLayer

pytestmark = pytest.mark.django_db

LAYER = DoorbellLayer("redis://127.0.0.1:1")

# One database, and one transaction, for all examples of a test.
together = settings(
    database=None,
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def on_the_wire(row: Notification) -> Any:
    """The frame as it arrives: out of PostgreSQL, by msgpack through Redis, as strict JSON to the browser."""
    frame = frame_from_row.frame(Notification.objects.get(pk=row.pk))
    carried = LAYER.deserialize(LAYER.serialize(frame))
    text = json.dumps(carried, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert len(text.encode()) <= FRAME_BYTES
    return json.loads(text)


def nested(levels: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for _ in range(levels - 1):
        data = {"x": data}
    return data


def as_in_json(value: Any) -> Any:
    """A number as every parser of JSON reads it that knows only doubles."""
    if isinstance(value, dict):
        return {name: as_in_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_in_json(inner) for inner in value]
    if isinstance(value, float) and abs(value) >= 1e16:
        return int(Decimal(repr(value)))
    return value


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(INTEGER_MIN - 2, INTEGER_MIN + 2)
    | st.integers(INTEGER_MAX - 2, INTEGER_MAX + 2)
    | st.floats()
    | st.text()
    | st.text(st.characters())
)
DATA = st.dictionaries(
    st.text(st.characters()),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@together
@example({"n": 2**64}, "", "")
@example({"n": 2**64 - 1, "m": -(2**63)}, "", "")
@example({"n": 1e300, "m": 1e20, "o": 1.2345678901234567e18, "p": 5e-324, "q": -0.0}, "", "")
@example({"n": [1e18] * 3000}, "", "")
@example(nested(DATA_DEPTH), "", "")
@example(nested(DATA_DEPTH + 1), "", "")
@example({}, "\u202egnp.exe", "\x07")
@given(DATA, st.text(), st.text())
def test_whatever_passes_the_gate_arrives_as_it_was_given(
    user: User, data: dict[str, Any], message: str, body: str
) -> None:
    before = Notification.objects.count()
    try:
        row = notify(user, message, body=body, data=data)
    except ValueError:
        assert Notification.objects.count() == before
        return
    frame = on_the_wire(row)
    assert as_in_json(frame["data"]) == as_in_json(data)
    assert frame["body"] == body
    assert frame["message"] == (frame_from_row.one_line(message) or "Messages")
    assert as_in_json(Notification.objects.get(pk=row.pk).data) == as_in_json(row.data)


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.IntEnum):
    LARGE = 7


def raising() -> str:
    raise LookupError("no such address")


ANYTHING: st.SearchStrategy[Any] = (
    SCALARS
    | DATA
    | st.binary()
    | st.lists(SCALARS, max_size=3)
    | st.dictionaries(SCALARS, SCALARS, max_size=3)
    | st.sampled_from(
        [
            object(),
            uuid.uuid4(),
            Decimal("1.5"),
            Decimal("NaN"),
            datetime.now(UTC),
            {1, 2},
            {"x": {1}},
            {"x": b""},
            {7: "x"},
            {None: "x"},
            {gettext_lazy("x"): "x"},
            {"x": complex(1)},
            range(3),
            str,
            User,
            User(),
            AnonymousUser(),
            lazystr("lazy"),
            gettext_lazy("Yes"),
            SimpleLazyObject(lambda: "lazy"),
            Colour.RED,
            Size.LARGE,
            "x" * 40_000,
            "\ud800",
        ]
    )
)


@settings(together, max_examples=80)
@example("kind", None)
@example("key", 7)
@example("url", "/" + "x" * 40_000)
@given(
    st.sampled_from(["recipient", "message", "kind", "body", "url", "data", "key", "chunk"]),
    ANYTHING,
)
def test_whatever_is_given_only_value_errors_come_out_and_nothing_is_written(
    user: User, name: str, value: Any
) -> None:
    before = (Notification.objects.count(), Inbox.objects.count())
    given: dict[str, Any] = {"recipient": user, name: value}
    several = {key: inner for key, inner in given.items() if key != "recipient"}
    several["recipients"] = [given["recipient"]]
    if name == "chunk":
        given = {"recipient": user}
    for call, arguments in ((notify, given), (notify_many, several)):
        with transaction.atomic():
            try:
                call(**arguments)
            except ValueError:
                assert (Notification.objects.count(), Inbox.objects.count()) == before
        before = (Notification.objects.count(), Inbox.objects.count())


def itself() -> dict[str, Any]:
    data: dict[str, Any] = {}
    data["x"] = data
    return data


def doubled(levels: int) -> dict[str, Any]:
    """Small in memory, without end written out."""
    inner: Any = "x"
    for _ in range(levels):
        inner = [inner, inner]
    return {"x": inner}


@pytest.mark.parametrize(
    "data",
    [itself(), doubled(28), nested(5000), {"n": 10**5000}],
    ids=["itself", "doubled", "deep", "digits"],
)
def test_what_is_small_in_memory_and_endless_on_the_wire_is_refused_at_once(
    user: User, data: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="data"):
        notify(user, "hi", data=data)
    assert not Notification.objects.exists()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"key": 7}, r"key: a str, not int"),
    ({"key": uuid.UUID(int=7)}, r"key: a str, not UUID"),
    ({"key": gettext_lazy("Yes")}, r"key: a str, not __proxy__"),
    ({"kind": None}, r"kind: text, not NoneType"),
    ({"message": None}, r"message: text, not NoneType"),
    ({"body": b"x"}, r"body: text, not bytes"),
    ({"message": "\ud800"}, r"message: half of a surrogate pair at 0"),
    ({"message": " \t\n"}, r"message: nothing of it can be seen"),
    ({"message": "\u200b\u2060"}, r"message: nothing of it can be seen"),
    ({"message": "\x07\u202e"}, r"message: nothing of it can be seen"),
    ({"body": lazy(raising, str)()}, r"body: a lazy text that raises LookupError"),
    ({"url": SimpleLazyObject(raising)}, r"url: a lazy text that raises LookupError"),
    ({"data": {"x": SimpleLazyObject(raising)}}, r"data: a lazy value that raises LookupError"),
    ({"data": [1]}, r"data: a mapping, not list"),
    ({"data": {"n": 2**64}}, r"data\['n'\]: outside of 64 bits; send it as text"),
    ({"data": {"a": [{"b": -(2**63) - 1}]}}, r"data\['a'\]\[0\]\['b'\]: outside of 64 bits"),
    ({"data": {"n": math.inf}}, r"data\['n'\]: inf is not a number that JSON knows"),
    ({"data": {"n": {7: "x"}}}, r"data\['n'\]: names that are text, not int"),
    ({"data": {"at": datetime.now(UTC)}}, r"data\['at'\]: what JSON can hold, not datetime"),
    ({"data": nested(DATA_DEPTH + 1)}, r"data: nested more than 32 levels deep"),
    ({"data": {"x": [0] * 20_000}}, r"data: more values than fit into 32,768 bytes"),
    ({"body": "x" * 40_000}, r"take 40,\d+ bytes as a frame; at most 32,768"),
    ({"body": "ü" * 17_000}, r"take 34,\d+ bytes as a frame; at most 32,768"),
    ({"data": {"x": "x" * 40_000}}, r"take 40,\d+ bytes as a frame; at most 32,768"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_a_refusal_names_the_argument_and_what_is_wrong(
    user: User, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        notify(user, **given)
    with pytest.raises(ValueError, match=words):
        notify_many([user], **given)
    assert not Notification.objects.exists()
    assert not Inbox.objects.exists()


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        (AnonymousUser(), "a user, not AnonymousUser"),
        (SimpleLazyObject(AnonymousUser), "a user, not SimpleLazyObject"),
        (User(username="new"), "a user that has been saved"),
        (User(pk="x"), "a user that has been saved"),
        (User(pk=2**63), "nobody can have the id"),
        (None, "a user, not NoneType"),
        (7, "a user, not int"),
        (Group(pk=1), "a user, not Group"),
    ],
)
def test_who_is_not_a_saved_user_is_refused_before_anybody_else_gets_anything(
    user: User, recipient: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=f"recipient: {words}"):
        notify(recipient, "hi")
    with pytest.raises(ValueError, match=f"recipient: {words}"):
        notify_many([user, recipient], "hi", chunk=1)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("recipients", [None, 7, "ada", User])
def test_what_is_no_iterable_of_users_is_refused(recipients: Any) -> None:
    with pytest.raises(ValueError, match="recipient"):
        notify_many(recipients, "hi")


def test_one_user_in_place_of_several_is_refused(user: User) -> None:
    for one in (user, SimpleLazyObject(lambda: user)):
        with pytest.raises(ValueError, match="recipients: an iterable of users"):
            notify_many(one, "hi")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="recipient: a user, not list"):
            notify([one], "hi")  # type: ignore[arg-type]


def test_what_stands_for_a_user_as_that_of_a_request_does_is_one(user: User) -> None:
    lazy: Any = SimpleLazyObject(lambda: user)
    assert notify(lazy, "hi").recipient_id == user.pk
    assert [row.recipient_id for row in notify_many([lazy, user], "hi")] == [user.pk]


def test_lazy_text_is_text_in_the_language_that_is_active_now(user: User) -> None:
    yes: Any = gettext_lazy("Yes")
    with override("de"):
        row = notify(user, yes, body=yes, url=lazystr("/x"), data={"answer": [yes]})
    assert not isinstance(row.message, Promise)
    row = Notification.objects.get(pk=row.pk)
    assert (row.message, row.body, row.url, row.data) == ("Ja", "Ja", "/x", {"answer": ["Ja"]})


def test_what_says_a_text_or_a_number_is_one(user: User) -> None:
    given: Any = MappingProxyType({Colour.RED: Colour.RED, "size": Size.LARGE, "pair": (1, 2.0)})
    row = notify(user, Colour.RED, data=given)
    stored = Notification.objects.get(pk=row.pk)
    assert (stored.message, stored.data) == ("red", {"red": "red", "size": 7, "pair": [1, 2.0]})
    assert type(row.message) is str


def test_blanks_are_no_message_where_the_kind_has_words(user: User) -> None:
    row = notify(user, "  ", kind="login", data={"name": "Ada"})
    assert on_the_wire(row)["message"] == "Welcome back, Ada"


def test_the_longest_that_is_taken_is_sent_whole_and_one_byte_more_is_refused(user: User) -> None:
    row = notify(user, "x")
    # The digits of a longer seq; what a person may choose later must have room, too.
    room = FRAME_BYTES - frame_from_row.size_of(row) - 18 - len(',"desktop":true')
    row = notify(user, "x", body="b" * room)
    assert on_the_wire(row)["body"] == "b" * room
    with pytest.raises(ValueError, match="32,769 bytes"):
        notify(user, "x", body="b" * (room + 1))


@pytest.mark.parametrize("request_id", ["r" * 300, "\x00", "\ud800", None, 7])
def test_whatever_a_project_calls_its_requests_the_notification_is_saved(
    user: User, request_id: Any
) -> None:
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        row = notify(user, "hi")
    assert Notification.objects.get(pk=row.pk).request_id in ("r" * 200, "")
