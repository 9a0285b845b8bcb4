"""From a row to what people see. The task, the catch-up, the beat, the list and the API all call this one
function, so no toast can be empty because a worker was dead.

Rows may have come past notify(): whatever a row holds, a frame comes of it that msgpack and JSON take and that is no
longer than FRAME_BYTES. One such row must block neither its recipient's socket nor somebody else's ring.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from bellhop.contract import (
    DATA_DEPTH,
    FRAME_BYTES,
    INTEGER_MAX,
    INTEGER_MIN,
    NotificationFields,
    NotificationFrame,
)
from bellhop.models import Notification

Facts = Mapping[str, Any]


def _login_message(data: Facts) -> str:
    return f"Welcome back, {data.get('name') or 'you'}"


def _login_body(data: Facts) -> str:
    address, device = data.get("address"), data.get("device")
    where = f" from {address}" if address else ""
    what = f" with {device}" if device else ""
    return f"Signed in{where}{what}." if where or what else ""


# A kind without an entry shows what its caller wrote.
_MESSAGES: Final[Mapping[str, Callable[[Facts], str]]] = {"login": _login_message}
_BODIES: Final[Mapping[str, Callable[[Facts], str]]] = {"login": _login_body}

# Control characters that are no blanks, and the two that turn around what is written after them.
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e]+")
_BLANK: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_ELLIPSIS: Final = "…"
# Bytes that message and body have together in a frame that is shortened; data and url make way for them.
_TEXTS: Final = 2048

# As the socket writes it.
_dumps: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def has_words(kind: str) -> bool:
    """Whether a notification of that kind says something where its caller wrote no message."""
    return kind in _MESSAGES


def one_line(text: str) -> str:
    """Return the text as one line of plain text; the empty string where nothing of it can be seen."""
    line = " ".join(_UNSEEN.sub("", text).split())
    return line if any(unicodedata.category(character) not in _BLANK for character in line) else ""


def fields(row: Notification) -> NotificationFields:
    """Return the notification as the HTTP list shows it. Reads nothing but the row."""
    composed = _composed(row)
    return composed if _size(composed) <= FRAME_BYTES else _shortened(composed)


def frame(row: Notification) -> NotificationFrame:
    """Return the notification as the socket sends it."""
    return {"type": "notification", **fields(row)}


def size_of(row: Notification) -> int:
    """Return the bytes of the notification as a frame, with nothing shortened."""
    return _size(_composed(row))


def _composed(row: Notification) -> NotificationFields:
    data = _carried(row.data)
    message = one_line(row.message)
    if not message and row.kind in _MESSAGES:
        message = one_line(_MESSAGES[row.kind](data))
    return {
        "id": str(row.pk),
        "seq": row.seq,
        "kind": row.kind,
        # One line of plain text, whatever the caller wrote.
        "message": message or one_line(row.kind) or "Notification",
        "body": row.body or _BODIES.get(row.kind, lambda _: "")(data),
        "url": row.url,
        "data": data,
        "created": row.created.astimezone(UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "read": row.read_at is not None,
    }


def _size(composed: NotificationFields) -> int:
    return len(_dumps({"type": "notification", **composed}).encode())


def _shortened(composed: NotificationFields) -> NotificationFields:
    """Return it within FRAME_BYTES: the texts are cut, and data or url left out where there is no room for both."""
    short: NotificationFields = {**composed, "message": "", "body": ""}
    least = min(_TEXTS, _text_size(composed["message"]) + _text_size(composed["body"]))
    if _size(short) + least > FRAME_BYTES:
        short["data"] = {}
    if _size(short) + least > FRAME_BYTES:
        # Half of an address would lead somewhere else.
        short["url"] = ""
    room = FRAME_BYTES - _size(short)
    short["message"] = _cut(composed["message"], min(room, _TEXTS))
    short["body"] = _cut(composed["body"], FRAME_BYTES - _size(short))
    return short


def _text_size(text: str) -> int:
    return len(_dumps(text).encode()) - 2


def _cut(text: str, room: int) -> str:
    """Return the text, or as much of its beginning as takes `room` bytes of JSON with an ellipsis behind it."""
    # A character takes one byte at least.
    if len(text) <= room and _text_size(text) <= room:
        return text
    kept = bisect_right(
        range(1, room + 1), room, key=lambda length: _text_size(text[:length] + _ELLIPSIS)
    )
    return text[:kept].rstrip() + _ELLIPSIS if kept else ""


def _carried(data: Any) -> dict[str, Any]:
    """Return the row's `data` as msgpack and JSON carry it; {} where it is not an object, or nested too deep.

    jsonb holds numbers of any length: one that is no 64-bit integer and no float is carried as its digits.
    """
    if not data or not isinstance(data, dict):
        return {}
    try:
        return _Carried()(data, DATA_DEPTH)
    except _TooMuchError:
        return {}


class _TooMuchError(Exception):
    """More levels or values than a frame takes."""


class _Carried:
    def __init__(self) -> None:
        # Each value takes two bytes of a frame at least.
        self._left = FRAME_BYTES // 2

    def __call__(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, dict | list):
            if depth == 0 or self._left < 0:
                raise _TooMuchError
            if isinstance(value, dict):
                return {name: self(inner, depth - 1) for name, inner in value.items()}
            return [self(inner, depth - 1) for inner in value]
        if isinstance(value, int) and not INTEGER_MIN <= value <= INTEGER_MAX:
            return _large(value)
        if isinstance(value, float) and not isfinite(value):
            # Longer than a float goes, and with a fraction: Python has not kept the digits.
            return None
        return value


def _large(number: int) -> float | str:
    """Return a float where it stands for just that number, as one that was stored does; else the digits."""
    try:
        nearest = float(number)
    except OverflowError:
        return str(Decimal(number))
    return nearest if Decimal(repr(nearest)) == number else str(number)
