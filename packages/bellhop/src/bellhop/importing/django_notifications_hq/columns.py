"""Makes a notification of ours of one of django-notifications-hq. What cannot stay as it is, is mended and told."""

import json
from typing import Any, Final, NamedTuple

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES, SEQ_MAX
from bellhop.importing.django_notifications_hq.table import NAME, SourceRow
from bellhop.importing.django_notifications_hq.things import Things, address_of, text_of
from bellhop.models import Notification
from bellhop.saving import check_arguments
from bellhop.saving.plain_values import plain_data, short

KIND: Final = "imported"
"""Of every notification that was imported; what django-notifications-hq calls `level` is in its `data`."""

PREFIX: Final = "hq:"
"""Begins the key of every notification that was imported from django-notifications-hq."""


class Composed(NamedTuple):
    """A notification that is not saved yet, and what had to be mended: a few words for each."""

    row: Notification
    mended: list[str]


def key_of(table: str, id_: Any) -> str:
    """Return the key under which a row of that table is imported, e.g. ``hq:7``."""
    return f"{PREFIX}{id_}" if table == NAME else f"{PREFIX}{table}:{id_}"


def compose(source: SourceRow, things: Things, *, key: str, recipient_id: Any) -> Composed:
    """Return the notification of a row, without a number. Asks the database where the project's own objects do.

    `things` are the objects that the rows name, as far as they are still there; of one that is gone the message says
    nothing. Nothing else is left out: what does not fit a frame is stored whole, and shown shortened.
    """
    mended: list[str] = []
    data = _data(source, mended)
    row = Notification(
        recipient_id=recipient_id,
        key=key,
        kind=KIND,
        message=_message(source, things, mended),
        body=source.description,
        url=_url(source, things, data, mended),
        data=data,
        created=source.timestamp,
        # When it was read or deleted, that app does not say.
        read_at=None if source.unread else source.timestamp,
        archived_at=source.timestamp if source.deleted else None,
    )
    # As notify() counts: with the longest seq.
    row.seq = SEQ_MAX
    if (size := frame_from_row.size_of(row)) > FRAME_BYTES:
        mended.append(f"{size:,} bytes, more than {FRAME_BYTES:,}: stored whole, shown shortened")
    row.seq = None
    return Composed(row, mended)


def _message(source: SourceRow, things: Things, mended: list[str]) -> str:
    """Return what that app's own `__str__` says, but for the time: that is shown beside it."""
    actor, action_object, target = (
        text_of(things[thing]) if thing in things else ""
        for thing in (source.actor, source.action_object, source.target)
    )
    on = "on" if action_object and target else ""
    message = " ".join(filter(None, (actor, source.verb, action_object, on, target)))
    if frame_from_row.one_line(message):
        return message
    mended.append("nothing of its message can be seen: the description's first line instead")
    lines = (frame_from_row.one_line(line) for line in source.description.splitlines())
    return next(filter(None, lines), "Notification")


def _data(source: SourceRow, mended: list[str]) -> dict[str, Any]:
    """Return the row's own data, with its verb and level beside it."""
    own: dict[str, Any] = {}
    if source.data and source.data != "null":
        try:
            value = json.loads(source.data)
            own = plain_data(value if isinstance(value, dict) else {"data": value})
        except (ValueError, RecursionError) as error:
            mended.append(f"data kept as text: {error}")
            own = {"data": source.data}
    return {"verb": source.verb, "level": source.level, **own}


def _url(source: SourceRow, things: Things, data: dict[str, Any], mended: list[str]) -> str:
    """Return the address in the data, else that of the target's page; "" where neither is one."""
    own = data.get("url")
    addresses = [own] if isinstance(own, str) else []
    if source.target in things:
        addresses.append(address_of(things[source.target]))
    for address in filter(None, addresses):
        try:
            check_arguments.columns("any", kind=KIND, body="", url=address, data=None, key=None)
        except ValueError:
            mended.append(f"url left out: {short(address)}")
        else:
            return address
    return ""
