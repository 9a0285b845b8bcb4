"""From a row to what people see. The task, the catch-up, the beat, the list and the API all call this one
function, so no toast can be empty because a worker was dead.
"""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Final

from bellhop.contract import NotificationFields, NotificationFrame
from bellhop.models import Notification


def _login_message(row: Notification) -> str:
    return f"Welcome back, {row.data.get('name') or 'you'}"


def _login_body(row: Notification) -> str:
    address, device = row.data.get("address"), row.data.get("device")
    where = f" from {address}" if address else ""
    what = f" with {device}" if device else ""
    return f"Signed in{where}{what}." if where or what else ""


# A kind without an entry shows what its caller wrote.
_MESSAGES: Final[Mapping[str, Callable[[Notification], str]]] = {"login": _login_message}
_BODIES: Final[Mapping[str, Callable[[Notification], str]]] = {"login": _login_body}


def fields(row: Notification) -> NotificationFields:
    """Return the notification as the HTTP list shows it. Reads nothing but the row."""
    message = row.message or _MESSAGES.get(row.kind, lambda _: row.kind)(row)
    return {
        "id": str(row.pk),
        "seq": row.seq,
        "kind": row.kind,
        # One line of plain text, whatever the caller wrote.
        "message": " ".join(message.split()),
        "body": row.body or _BODIES.get(row.kind, lambda _: "")(row),
        "url": row.url,
        "data": row.data,
        "created": row.created.astimezone(UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "read": row.read_at is not None,
    }


def frame(row: Notification) -> NotificationFrame:
    """Return the notification as the socket sends it."""
    return {"type": "notification", **fields(row)}
