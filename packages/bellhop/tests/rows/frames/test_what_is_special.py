"""What a frame has beside the fields that each has: only where it says something."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_type_hints

import pytest

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES, NotificationFields
from bellhop.kinds import Kind
from bellhop.models import Notification
from rows.conftest import Kinds

ALWAYS = ["id", "seq", "kind", "message", "body", "url", "data", "created", "read"]


def special(**columns: Any) -> dict[str, Any]:
    """Return what the frame of such a row has that others do not have."""
    row = Notification(recipient_id=1, seq=1, **{"kind": "plain", "message": "hi", **columns})
    found: Any = frame_from_row.fields(row)
    assert list(found)[: len(ALWAYS)] == ALWAYS
    return {name: value for name, value in found.items() if name not in ALWAYS}


def test_a_plain_notification_has_nothing_special() -> None:
    assert special() == {}
    assert special(kind="message") == {}
    assert frame_from_row.frame(Notification(recipient_id=1, seq=1))["type"] == "notification"


def test_a_login_has_the_fields_of_any_notification_and_no_more() -> None:
    assert special(kind="login") == {}


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"toast": False}, {"toast": False}),
        ({"desktop": True}, {"desktop": True}),
        ({"thread": "order-7"}, {"thread": "order-7"}),
        ({"sums_up": 12}, {"count": 12}),
        (
            {"expires_at": datetime(2026, 11, 27, 12, tzinfo=UTC)},
            {"expires": "2026-11-27T12:00:00.000Z"},
        ),
        (
            {"expires_at": datetime(2026, 11, 27, 12, tzinfo=timezone(timedelta(hours=5)))},
            {"expires": "2026-11-27T07:00:00.000Z"},
        ),
        ({"in_storm": True, "toast": False}, {"toast": False}),
        ({"language": "de", "updated_rev": 7}, {}),
    ],
)
def test_a_row_says_what_is_special_about_it(
    columns: dict[str, Any], fields: dict[str, Any]
) -> None:
    assert special(**columns) == fields


def test_a_kind_says_what_is_special_about_it(kinds: Kinds, settings: Any) -> None:
    settings.STATIC_URL = "/static/"
    kinds(
        Kind("low", importance="low", label="A label"),
        Kind("high", importance="high"),
        Kind("truck", icon="shop/truck.svg"),
    )
    assert special(kind="low") == {"importance": "low"}
    assert special(kind="high") == {"importance": "high"}
    assert special(kind="truck") == {"icon": "/static/shop/truck.svg"}


def test_an_icon_that_the_static_files_do_not_have_is_left_out(
    kinds: Kinds, settings: Any, lines: list[Any]
) -> None:
    settings.DEBUG = False
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "OPTIONS": {"location": "/nonexistent"},
        },
    }
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.staticfiles"]
    kinds(Kind("truck", icon="shop/truck.svg"))
    assert [special(kind="truck") for _ in range(3)] == [{}] * 3
    assert [line["event"] for line in lines] == ["icon_missing"]


def test_the_contract_names_every_field(kinds: Kinds) -> None:
    kinds(Kind("alarm", importance="high"))
    row = Notification(
        recipient_id=1, seq=1, kind="alarm", toast=False, desktop=True, thread="t", sums_up=1,
        expires_at=datetime(2026, 11, 27, tzinfo=UTC),
    )  # fmt: skip
    named = set(get_type_hints(NotificationFields))
    assert set(frame_from_row.fields(row)) == named - {"icon"}


def test_a_frame_that_is_shortened_keeps_what_is_special() -> None:
    thread = "\u00df" * 200
    found = special(
        message="m" * 10**5, body="b" * 10**5, data={"d": "d" * 10**5}, url="/" + "u" * 10**5,
        thread=thread, toast=False, sums_up=3,
    )  # fmt: skip
    assert found == {"toast": False, "thread": thread, "count": 3}
    row = Notification(recipient_id=1, seq=1, body="b" * 10**5, thread=thread)
    assert len(frame_from_row._dumps(frame_from_row.frame(row)).encode()) <= FRAME_BYTES
