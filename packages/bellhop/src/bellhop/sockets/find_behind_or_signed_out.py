"""The question that a beat asks the database for all sockets at once: whose session is over, and who is behind."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db import connection

from bellhop.database.sql_names import TABLES
from bellhop.models import InboxState

# Each column goes as JSON: one text, which says where each value begins and ends, whatever it holds (a comma; nothing).
# For 1,000, 5,000 and 10,000 sockets that is 2, 6 and 12 ms of this process's CPU; with psycopg's arrays, which
# Python writes, 8, 41 and 81.
_LOOK: Final = """
    SELECT asked.place, u.{user_pk} IS NULL OR alive.session_key IS NULL,
           COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0)
      FROM unnest(ARRAY(SELECT json_array_elements_text(%s))::bigint[], ARRAY(SELECT json_array_elements_text(%s)),
                  ARRAY(SELECT json_array_elements_text(%s)), ARRAY(SELECT json_array_elements_text(%s))::bigint[],
                  ARRAY(SELECT json_array_elements_text(%s))::bigint[])
           WITH ORDINALITY AS asked (id, password, key, seq, rev, place)
      LEFT JOIN {user} AS u ON u.{user_pk} = asked.id AND u.is_active AND u.password = asked.password
      LEFT JOIN {session} AS alive ON alive.session_key = asked.key AND alive.expire_date > now()
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = asked.id
     WHERE u.{user_pk} IS NULL OR alive.session_key IS NULL OR inbox.last_seq > asked.seq OR inbox.rev > asked.rev
""".format(**TABLES)  # noqa: S608 - names of our own tables

_STANDINGS: Final = """
    SELECT known.id, COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0),
           (SELECT count(*) FROM {notification} AS n
             WHERE n.recipient_id = known.id AND n.read_at IS NULL AND n.archived_at IS NULL)
      FROM unnest(%s::bigint[]) AS known (id)
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = known.id
""".format(**TABLES)  # noqa: S608 - names of our own tables


class Standing(NamedTuple):
    """A user's latest seq and rev."""

    seq: int
    rev: int


class Known(NamedTuple):
    """One socket's knowledge: whose it is, by which password (its stored hash) and session, and how far it has come."""

    user_id: int
    password: str
    session_key: str
    seq: int
    rev: int


@dataclass
class Survey:
    """The answer for a list of sockets, each by its place in it.

    `over`: its session has ended or expired, or its user has another password, was deactivated or deleted.
    `behind`: its user has come further than the socket knows; where the user stands now.
    """

    over: set[int] = field(default_factory=set)
    behind: dict[int, Standing] = field(default_factory=dict)


def look(known: Sequence[Known]) -> Survey:
    """Return which of these sockets need attention, in one query, or in none without sockets. Blocks; DatabaseError."""
    survey = Survey()
    if not known:
        return survey
    columns = [json.dumps(column) for column in zip(*known, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, columns)
        for place, is_over, seq, rev in cursor.fetchall():
            if is_over:
                survey.over.add(place - 1)
            else:
                survey.behind[place - 1] = Standing(seq, rev)
    return survey


def standings(user_ids: Collection[int]) -> dict[int, InboxState]:
    """Return each user's seq, rev and count of unread, all three of one moment, in one query. Blocks; DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [list(user_ids)])
        return {user_id: InboxState(*state) for user_id, *state in cursor.fetchall()}
