"""The frame of a notification, made of nothing but its row and the words of its kind.

The task, the catch-up, the beat, the list and the API all call frame() or fields(), so no toast can be empty because a
worker was dead. Nothing here asks the database or blocks.

Rows may have come past notify(): whatever a row holds, its frame can be written as msgpack and JSON and takes at most
FRAME_BYTES. One such row must block neither its recipient's socket nor somebody else's ring.
"""

import json
import re
import unicodedata
from bisect import bisect_right
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
from bellhop.kinds import registry
from bellhop.models import Notification

# Control characters that are not blanks, and the two that turn around what is written after them.
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e]+")
_BLANK: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_ELLIPSIS: Final = "…"
# Bytes that message and body have together in a frame that is shortened; data and url make way for them.
_TEXTS: Final = 2048

# As the socket writes it.
_dumps: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def has_words(kind: str) -> bool:
    """Return whether a notification of that kind says something where its caller wrote no message."""
    return registry.find(kind).message is not None


def one_line(text: str) -> str:
    """Return the text as one line of plain text; the empty string where nothing of it can be seen."""
    line = " ".join(_UNSEEN.sub("", text).split())
    return line if any(unicodedata.category(character) not in _BLANK for character in line) else ""


def fields(row: Notification) -> NotificationFields:
    """Return the notification as the HTTP list shows it, shortened where it takes more than FRAME_BYTES."""
    composed = _composed(row)
    return composed if _size(composed) <= FRAME_BYTES else _shortened(composed)


def frame(row: Notification) -> NotificationFrame:
    """Return the notification as the socket sends it: its fields and the frame's type."""
    return {"type": "notification", **fields(row)}


def size_of(row: Notification) -> int:
    """Return the bytes of the notification as a frame, with nothing shortened."""
    return _size(_composed(row))


def _composed(row: Notification) -> NotificationFields:
    data = _carried(row.data)
    kind = registry.find(row.kind)
    message = one_line(row.message)
    if not message and kind.message:
        message = one_line(kind.message(data))
    body = row.body
    if not body and kind.body:
        body = kind.body(data)
    return {
        "id": str(row.pk),
        # Nothing asks for the frame of a row that waits for its number.
        "seq": row.seq or 0,
        "kind": row.kind,
        # One line of plain text, whatever the caller wrote.
        "message": message or one_line(row.kind) or "Notification",
        "body": body,
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
    """Return the fields within FRAME_BYTES: texts are cut, and data or url left out where there is no room for both."""
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

    jsonb holds numbers of any length: one that is neither a 64-bit integer nor a float is carried as its digits.
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
    """Makes of a JSON value one that msgpack and JSON carry. Raises _TooMuchError. For one use."""

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
