"""The questions about one socket: what it has missed. They block; a consumer asks them on a thread. DatabaseError."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Func, TextField
from django.db.models.functions import Cast

from bellhop import frame_from_row
from bellhop.conf import conf
from bellhop.contract import REPLAY_LIMIT, NotificationFrame
from bellhop.database.sql_names import names
from bellhop.models import Inbox, InboxState, Lost, Notification, user_key, write_database
from bellhop.models.inbox_sql import unread
from bellhop.models.write_database import connection
from bellhop.sessions import ended_logins
from bellhop.sessions.cookie_to_user import Login
from bellhop.sockets.find_behind_or_signed_out import standings_and_lost


@dataclass(frozen=True)
class Missed:
    """The notifications above a cursor, oldest first, each with the request that caused it.

    `more`: these are as many bytes as a socket takes at a time; ask again above the last of them.
    """

    frames: list[tuple[NotificationFrame, str]]
    latest: int
    too_many: bool
    more: bool = False


class Look(NamedTuple):
    """Where a user stands, and which numbers say nothing since their database was put back."""

    state: InboxState
    lost: Lost = Lost()


class _Bytes(Func):
    function = "OCTET_LENGTH"
    output_field = BigIntegerField()


@cache
def _standing_sql() -> str:
    # Raw SQL: compiling it anew at each connect would cost as much as the rest of the connect.
    return """
    SELECT asked.place, COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0),
           {unread},
           COALESCE(inbox.seen_seq, 0),
           COALESCE(inbox.restored_seq, 0), COALESCE(inbox.restored_rev, 0), COALESCE(inbox.restored_until, 0)
      FROM unnest(%s::{key}[], %s::text[], %s::text[]) WITH ORDINALITY AS asked (id, password, key, place)
      JOIN {user} AS u ON u.{user_pk} = asked.id AND {is_active} AND u.password = asked.password
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = u.{user_pk}
     WHERE EXISTS (SELECT FROM {session} WHERE session_key = asked.key AND expire_date > now())
""".format(unread=unread(f"u.{names()['user_pk']}"), **names(), **ended_logins.names())  # noqa: S608 - names of tables


# Without reading the texts themselves; 300 stands for a frame's names, id and time.
_SIZE = 300 + _Bytes("message") + _Bytes("body") + _Bytes("url") + _Bytes(Cast("data", TextField()))


def first_looks(logins: Sequence[Login]) -> dict[Login, Look]:
    """Return where the users of sockets that have just joined stand, in one query.

    Without those whose session has ended, who were deactivated, or whose password changed since the login was read.
    """
    if not ended_logins.sql_can_tell():
        again = ended_logins.read_again(logins)
        going_on = [login for login, now in zip(logins, again, strict=True) if now is not None]
        found = standings_and_lost({login.user_id for login in going_on})
        return {login: Look(*found[login.user_id]) for login in going_on}
    asked = [
        user_key.to_sql(login.user_id for login in logins),
        [login.password for login in logins],
        [login.session_key for login in logins],
    ]
    with connection().cursor() as cursor:
        cursor.execute(_standing_sql(), asked)
        return {
            logins[place - 1]: Look(InboxState(*found[:4]), Lost(*found[4:]))
            for place, *found in cursor.fetchall()
        }


def missed(user_id: Any, cursor: int) -> Missed:
    """Return what a socket with that cursor has not been sent."""
    # The counter first: every row up to it is visible to the second query, so a cursor set to
    # `latest` skips nothing but holes.
    alias = write_database.alias()
    latest = (
        Inbox.objects.using(alias).filter(pk=user_id).values_list("last_seq", flat=True).first()
        or 0
    )
    # Put away on another device before it was shown here: a hole.
    stored = Notification.objects.using(alias).filter(recipient=user_id, archived_at=None)
    rows = stored.order_by("seq")
    above = list(rows.filter(seq__gt=cursor).values_list("seq", _SIZE)[: REPLAY_LIMIT + 1])
    latest = max([latest, *(seq for seq, _ in above)])
    if len(above) > REPLAY_LIMIT:
        return Missed([], latest, too_many=True)
    if not above:
        return Missed([], latest, too_many=False)
    # However long the texts are, one socket's share of memory stays the same.
    last = _last_that_fits(above, conf.SOCKET_UNSENT_BYTES)
    frames = [
        (frame_from_row.frame(row), row.request_id)
        for row in rows.filter(seq__gt=cursor, seq__lte=last)
    ]
    return Missed(frames, latest, too_many=False, more=last < above[-1][0])


def _last_that_fits(sizes: list[tuple[int, int]], budget: int) -> int:
    """Return the last seq of (seq, bytes) within the budget; the first one always fits."""
    last, total = sizes[0]
    for seq, size in sizes[1:]:
        total += size
        if total > budget:
            break
        last = seq
    return last
