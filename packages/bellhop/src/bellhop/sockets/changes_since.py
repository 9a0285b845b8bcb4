"""What has changed of what a socket has been sent: the `state` frame. It blocks; a consumer asks it on a thread."""

from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from bellhop import frame_from_row
from bellhop.conf import conf
from bellhop.contract import REPLAY_LIMIT
from bellhop.database.sql_names import names
from bellhop.models import InboxState, Notification, user_key
from bellhop.models.inbox_sql import unread
from bellhop.models.write_database import connection
from bellhop.sockets import check_client_frames

_COLUMNS: Final = 10
"""Of an answer, before those of the notification itself."""


class _Changed(NamedTuple):
    """What an answer says of one notification; None of one that was deleted."""

    pk: UUID
    is_read: bool | None
    is_archived: bool | None
    is_unarchived: bool | None
    is_updated: bool


def changes(user_id: Any, rev: int) -> tuple[int, dict[str, Any]]:
    """Return the latest rev and the `state` frame of everything that changed, or was deleted, after `rev`. One query.

    All of a frame is of one moment: a count of unread that includes what its lists leave out would be shown until the
    next beat. What says something else is in it as a whole; where that is more than a socket takes at a time, or more
    than REPLAY_LIMIT have changed, `reload` stands instead of all lists. Raises DatabaseError.
    """
    room = conf.SOCKET_UNSENT_BYTES
    with connection().cursor() as cursor:
        (key,) = user_key.to_sql([user_id])
        asked = {"user": key, "rev": rev, "limit": REPLAY_LIMIT + 1, "room": room}
        cursor.execute(_changes_sql(), asked)
        rows = cursor.fetchall()
    # Who has changed nothing has one row all the same, without an id.
    seq, latest, unread, seen, through = rows[0][:5]
    # With `since` a client can tell that it has missed an earlier one.
    frame: dict[str, Any] = {"type": "state", **InboxState(seq, latest, unread, seen)._asdict()}
    frame |= {"since": rev, "through": through}
    changed = [_Changed(*row[5:_COLUMNS]) for row in rows if row[5] is not None]
    told = [row for row in rows if row[_COLUMNS - 1]]
    updated = [frame_from_row.frame(_notification(row)) for row in told if row[_COLUMNS]]
    size = sum(len(check_client_frames.encode(each)) for each in updated)
    if len(changed) > REPLAY_LIMIT or len(updated) < len(told) or size > room:
        return latest, reload(frame)
    frame["read"] = [str(each.pk) for each in changed if each.is_read]
    frame["unread_ids"] = [str(each.pk) for each in changed if each.is_read is False]
    frame["archived"] = [str(each.pk) for each in changed if each.is_archived]
    frame["unarchived"] = [str(each.pk) for each in changed if each.is_unarchived]
    frame["removed"] = [str(each.pk) for each in changed if each.is_read is None]
    frame["updated"] = updated
    return latest, frame


def reload(frame: dict[str, Any]) -> dict[str, Any]:
    """Return a `state` frame that says no more than where the user stands, and that the list is to be fetched."""
    kept = ("type", *InboxState._fields, "since", "through")
    return {**{name: frame[name] for name in kept}, "reload": True}


def _notification(row: tuple[Any, ...]) -> Notification:
    """Return the notification that the last columns of an answer hold."""
    fields = Notification._meta.concrete_fields
    values = list(row[_COLUMNS:])
    for place, field in enumerate(fields):
        for convert in field.get_db_converters(connection()):
            values[place] = convert(values[place], None, connection())
    return Notification.from_db(
        connection().alias, [str(field.attname) for field in fields], values
    )


@cache
def _changes_sql() -> str:
    # The fifth column is the seq up to which nothing is unread. Of what was deleted only the id is known. Whole rows
    # are read as far as there is room for them; 300 stands for a frame's names, id and time.
    quote = connection().ops.quote_name
    columns = [f"n.{quote(str(field.column))}" for field in Notification._meta.concrete_fields]
    return """
    WITH changed AS (
           SELECT id, read_at IS NOT NULL AS is_read, archived_at IS NOT NULL AS is_archived,
                  archived_at IS NULL AND unarchived_rev > %(rev)s AS is_unarchived, rev, seq,
                  seq IS NOT NULL AND updated_rev > %(rev)s AS is_updated,
                  CASE WHEN updated_rev > %(rev)s
                       THEN 300 + octet_length(message) + octet_length(body) + octet_length(url)
                                + octet_length(data::text)
                       ELSE 0 END AS size
             FROM {notification} WHERE recipient_id = %(user)s AND rev > %(rev)s AND rev > 0
            UNION ALL
           SELECT notification_id, NULL, NULL, NULL, rev, NULL, false, 0 FROM {removal}
            WHERE recipient_id = %(user)s AND rev > %(rev)s
            ORDER BY rev, seq LIMIT %(limit)s)
    SELECT COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0), {unread},
           COALESCE(inbox.seen_seq, 0), COALESCE(unread.first - 1, inbox.last_seq, 0),
           changed.id, changed.is_read, changed.is_archived, changed.is_unarchived, changed.is_updated, {columns}
      FROM (SELECT min(seq) AS first FROM {notification}
             WHERE recipient_id = %(user)s AND seq IS NOT NULL AND read_at IS NULL AND archived_at IS NULL) AS unread
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = %(user)s
      LEFT JOIN changed ON true
      LEFT JOIN {notification} AS n
             ON n.id = changed.id AND changed.is_updated AND (SELECT sum(size) FROM changed) <= %(room)s
     ORDER BY changed.rev, changed.seq
""".format(columns=", ".join(columns), unread=unread("%(user)s"), **names())  # noqa: S608 - names of our own tables
