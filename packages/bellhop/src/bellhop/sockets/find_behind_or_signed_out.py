"""The question that a beat asks the database for all sockets at once: whose session is over, and who is behind."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from bellhop.database.sql_names import names
from bellhop.models import InboxState, Lost, user_key
from bellhop.models.inbox_sql import unread
from bellhop.models.write_database import connection
from bellhop.sessions import ended_logins
from bellhop.sessions.cookie_to_user import Login


class Standing(NamedTuple):
    """A user's latest seq and rev."""

    seq: int
    rev: int


class Known(NamedTuple):
    """One socket's knowledge: by which login it was let in, and how far it has come."""

    login: Login
    seq: int
    rev: int


@dataclass
class Survey:
    """The answer for a list of sockets, each by its place in it.

    `over`: its session has ended or expired, or its user has another password, was deactivated or deleted.
    `behind`: its user has come further than the socket knows; where the user stands now.
    `renewed`: its session was saved meanwhile, and the login goes on.
    """

    over: set[int] = field(default_factory=set)
    behind: dict[int, Standing] = field(default_factory=dict)
    renewed: dict[int, Login] = field(default_factory=dict)


def look(known: Sequence[Known]) -> Survey:
    """Return which of these sockets need attention, in one query, or in none without sockets. Blocks; DatabaseError.

    Two queries more where sessions were saved since the last look, and where only reading all logins anew can tell
    whose has ended (sessions.ended_logins).
    """
    survey = Survey()
    if not known:
        return survey
    doubtful = list(range(len(known)))
    if ended_logins.sql_can_tell():
        doubtful = _look_by_sql(known, survey)
    else:
        _look_at_inboxes(known, survey)
    again = ended_logins.read_again([known[place].login for place in doubtful])
    for place, login in zip(doubtful, again, strict=True):
        if login is None:
            survey.over.add(place)
            survey.behind.pop(place, None)
        elif login != known[place].login:
            survey.renewed[place] = login
    return survey


def _look_by_sql(known: Sequence[Known], survey: Survey) -> list[int]:
    """Fill in the survey; return the places of those whose session was saved meanwhile: it may be somebody else's."""
    logins = [each.login for each in known]
    asked = [
        user_key.to_sql(login.user_id for login in logins),
        [login.password for login in logins],
        [login.session_key for login in logins],
        [login.version for login in logins],
        [each.seq for each in known],
        [each.rev for each in known],
    ]
    saved = []
    with connection().cursor() as cursor:
        # An id may be a UUID.
        cursor.execute(_look_sql(), [json.dumps(column, default=str) for column in asked])
        for place, is_over, is_saved, is_behind, seq, rev in cursor.fetchall():
            if is_over:
                survey.over.add(place - 1)
                continue
            if is_saved:
                saved.append(place - 1)
            if is_behind:
                survey.behind[place - 1] = Standing(seq, rev)
    return saved


def _look_at_inboxes(known: Sequence[Known], survey: Survey) -> None:
    asked = [
        user_key.to_sql(each.login.user_id for each in known),
        [each.seq for each in known],
        [each.rev for each in known],
    ]
    with connection().cursor() as cursor:
        cursor.execute(_inboxes_sql(), [json.dumps(column, default=str) for column in asked])
        for place, seq, rev in cursor.fetchall():
            survey.behind[place - 1] = Standing(seq, rev)


def standings(user_ids: Collection[object]) -> dict[object, InboxState]:
    """Return each user's seq, rev, count of unread and seen, all of one moment, in one query. Blocks; DatabaseError."""
    return {user_id: state for user_id, (state, _) in standings_and_lost(user_ids).items()}


def standings_and_lost(user_ids: Collection[object]) -> dict[object, tuple[InboxState, Lost]]:
    """Return that, and which numbers each user has lost by a restore. The same one query."""
    with connection().cursor() as cursor:
        cursor.execute(_standings_sql(), [user_key.to_sql(user_ids)])
        return {
            user_key.from_sql(user_id): (InboxState(*found[:4]), Lost(*found[4:]))
            for user_id, *found in cursor.fetchall()
        }


# Each column goes as JSON: one text, which says where each value begins and ends, whatever it holds (a comma; nothing).
# For 1,000, 5,000 and 10,000 sockets that is 2, 6 and 12 ms of this process's CPU; with psycopg's arrays, which
# Python writes, 8, 41 and 81.
@cache
def _look_sql() -> str:
    return """
    SELECT asked.place, u.{user_pk} IS NULL OR alive.session_key IS NULL,
           alive.xmin::text::bigint <> asked.version,
           inbox.last_seq > asked.seq OR inbox.rev > asked.rev,
           COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0)
      FROM unnest(ARRAY(SELECT json_array_elements_text(%s))::{key}[], ARRAY(SELECT json_array_elements_text(%s)),
                  ARRAY(SELECT json_array_elements_text(%s)), ARRAY(SELECT json_array_elements_text(%s))::bigint[],
                  ARRAY(SELECT json_array_elements_text(%s))::bigint[],
                  ARRAY(SELECT json_array_elements_text(%s))::bigint[])
           WITH ORDINALITY AS asked (id, password, key, version, seq, rev, place)
      LEFT JOIN {user} AS u ON u.{user_pk} = asked.id AND {is_active} AND u.password = asked.password
      LEFT JOIN {session} AS alive ON alive.session_key = asked.key AND alive.expire_date > now()
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = asked.id
     WHERE u.{user_pk} IS NULL OR alive.session_key IS NULL OR alive.xmin::text::bigint <> asked.version
        OR inbox.last_seq > asked.seq OR inbox.rev > asked.rev
""".format(**names(), **ended_logins.names())  # noqa: S608 - names of tables


@cache
def _inboxes_sql() -> str:
    return """
    SELECT asked.place, inbox.last_seq, inbox.rev
      FROM unnest(ARRAY(SELECT json_array_elements_text(%s))::{key}[],
                  ARRAY(SELECT json_array_elements_text(%s))::bigint[],
                  ARRAY(SELECT json_array_elements_text(%s))::bigint[])
           WITH ORDINALITY AS asked (id, seq, rev, place)
      JOIN {inbox} AS inbox ON inbox.user_id = asked.id
     WHERE inbox.last_seq > asked.seq OR inbox.rev > asked.rev
""".format(**names())  # noqa: S608 - names of our own tables


@cache
def _standings_sql() -> str:
    return """
    SELECT known.id, COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0),
           {unread},
           COALESCE(inbox.seen_seq, 0),
           COALESCE(inbox.restored_seq, 0), COALESCE(inbox.restored_rev, 0), COALESCE(inbox.restored_until, 0)
      FROM unnest(%s::{key}[]) AS known (id)
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = known.id
""".format(unread=unread("known.id"), **names())  # noqa: S608 - names of our own tables
