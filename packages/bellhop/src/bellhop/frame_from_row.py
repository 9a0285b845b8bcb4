"""The frame of a notification, made of nothing but its row and the words of its kind.

The task, the catch-up, the beat, the list and the API all call frame() or fields(), so no toast can be empty because a
worker was dead. Nothing here asks the database or blocks.

Rows may have come past notify(): whatever a row holds, its frame can be written as msgpack and JSON and takes at most
FRAME_BYTES. One such row must block neither its recipient's socket nor somebody else's ring.
"""

import json
from bisect import bisect_right
from datetime import UTC, datetime
from typing import Any, Final

from bellhop.contract import FRAME_BYTES, NotificationFields, NotificationFrame
from bellhop.kinds import registry, words
from bellhop.kinds.facts import carried
from bellhop.kinds.plain_text import one_line as one_line
from bellhop.models import Notification

_ELLIPSIS: Final = "…"
# Bytes that message and body have together in a frame that is shortened; data and url make way for them.
_TEXTS: Final = 2048

# As the socket writes it.
_dumps: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def has_words(kind: str) -> bool:
    """Return whether a notification of that kind says something where its caller wrote no message."""
    return registry.find(kind).message is not None


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


def texts(row: Notification) -> tuple[str, str]:
    """Return message and body as people read them, with nothing shortened."""
    return _texts(row, carried(row.data))


def _texts(row: Notification, data: dict[str, Any]) -> tuple[str, str]:
    # One line of plain text, whatever the caller wrote.
    message = one_line(row.message) or words.message(
        row.kind, data, row.language, sums_up=row.sums_up
    )
    body = row.body
    if not body and row.sums_up is None:
        body = words.body(row.kind, data, row.language)
    return message, body


def _composed(row: Notification) -> NotificationFields:
    data = carried(row.data)
    message, body = _texts(row, data)
    composed: NotificationFields = {
        "id": str(row.pk),
        # Nothing asks for the frame of a row that waits for its number.
        "seq": row.seq or 0,
        "kind": row.kind,
        "message": message,
        "body": body,
        "url": row.url,
        "data": data,
        "created": _moment(row.created),
        "read": row.read_at is not None,
    }
    _add_what_is_special(composed, row)
    return composed


def _add_what_is_special(composed: NotificationFields, row: Notification) -> None:
    """Add what most notifications do not have: a client that does not know it may pass over it."""
    kind = registry.find(row.kind)
    if not row.toast:
        composed["toast"] = False
    if row.desktop:
        composed["desktop"] = True
    if icon := words.icon(row.kind):
        composed["icon"] = icon
    if kind.importance != "normal":
        composed["importance"] = kind.importance
    if row.thread:
        composed["thread"] = row.thread
    if row.sums_up is not None:
        composed["count"] = row.sums_up
    if row.expires_at is not None:
        composed["expires"] = _moment(row.expires_at)


def _moment(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


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
