"""What one beat asks the database for all sockets at once: two queries, and rows for those who need attention only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db import connection

from core.tables import TABLES

_STANDINGS: Final = """
    SELECT known.id, known.password, u.{user_pk} IS NULL OR u.password <> known.password,
           COALESCE(inbox.last_seq, 0), COALESCE(inbox.rev, 0)
      FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) AS known (id, password, seq, rev)
      LEFT JOIN {user} AS u ON u.{user_pk} = known.id AND u.is_active
      LEFT JOIN {inbox} AS inbox ON inbox.user_id = u.{user_pk}
     WHERE u.{user_pk} IS NULL OR u.password <> known.password OR inbox.last_seq > known.seq OR inbox.rev > known.rev
""".format(**TABLES)  # noqa: S608 - names of our own tables

_ENDED: Final = """
    SELECT known.key FROM unnest(%s::text[]) AS known (key)
     WHERE NOT EXISTS (SELECT FROM {session} WHERE session_key = known.key AND expire_date > now())
""".format(**TABLES)  # noqa: S608 - names of our own tables

_UNREAD: Final = """
    SELECT known.id, (SELECT count(*) FROM {notification} AS n
                       WHERE n.recipient_id = known.id AND n.read_at IS NULL AND n.archived_at IS NULL)
      FROM unnest(%s::bigint[]) AS known (id)
""".format(**TABLES)  # noqa: S608 - names of our own tables


class Standing(NamedTuple):
    """A user's latest seq and rev."""

    seq: int
    rev: int


Identity = tuple[int, str]
"""A user's id and the password (its stored hash) with which a socket was opened."""


@dataclass
class Survey:
    """Who has moved on, which identities are void (another password, deactivated, deleted), which sessions ended."""

    behind: dict[int, Standing] = field(default_factory=dict)
    void: set[Identity] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)


def look(known: Mapping[Identity, Standing], session_keys: Collection[str]) -> Survey:
    """Return what has changed for sockets that stand there, and which of the sessions live no longer."""
    survey = Survey()
    with connection.cursor() as cursor:
        ids = [user_id for user_id, _ in known]
        passwords = [password for _, password in known]
        seqs, revs = (
            [known_.seq for known_ in known.values()],
            [known_.rev for known_ in known.values()],
        )
        cursor.execute(_STANDINGS, [ids, passwords, seqs, revs])
        for user_id, password, is_void, seq, rev in cursor.fetchall():
            if is_void:
                survey.void.add((user_id, password))
            else:
                survey.behind[user_id] = Standing(seq, rev)
        cursor.execute(_ENDED, [list(session_keys)])
        survey.ended = {key for (key,) in cursor.fetchall()}
    return survey


def unread_counts(user_ids: Collection[int]) -> dict[int, int]:
    """Return the number of unread notifications of each user, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [list(user_ids)])
        return dict(cursor.fetchall())
