"""Sends to many, so that a repeat goes on where it broke off: who has a notification with its key is passed over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from django.contrib.auth import get_user_model

from bellhop.bulk.files.checked import Good
from bellhop.models import user_key, write_database
from bellhop.models.inbox_sql import table
from bellhop.notify import CHUNK, notify_many

AT_ONCE: Final = 1000
"""Records of a file for which it is asked at once who has theirs already."""


@dataclass
class Counts:
    """What has become of those that were to be sent."""

    sent: int = 0
    known: int = 0
    """They had it already."""
    refused: int = 0
    """By what they have chosen."""
    gone: int = 0
    """Deleted meanwhile."""

    @property
    def total(self) -> int:
        """How many have been done."""
        return self.sent + self.known + self.refused + self.gone


def send_to(users: Sequence[Any], arguments: Mapping[str, Any], counts: Counts) -> Iterator[None]:
    """Send the same to each of these users, at most CHUNK in a transaction; add to `counts`, and yield, after each.

    `arguments` are those of notify_many(), with a key: who has a notification with it gets no other. One query more
    than notify_many(), two where somebody gets none. Raises DatabaseError, and what notify_many() raises.
    """
    known = had([(user.pk, arguments["key"]) for user in users])
    counts.known += len(known)
    left = [user for user in users if (user.pk, arguments["key"]) not in known]
    for some in batched(left, CHUNK):
        _send(some, arguments, counts)
        yield


def send_each(records: Iterable[Good], counts: Counts) -> Iterator[int]:
    """Send records of a file in their order; yield the line of the last one after every few. See send_to().

    Neighbours that say the same, under the same key, are sent together.
    """
    for some in batched(records, AT_ONCE):
        known = had([(record.user.pk, record.arguments["key"]) for record in some])
        counts.known += len(known)
        left = [each for each in some if (each.user.pk, each.arguments["key"]) not in known]
        for alike in _alike(left):
            _send([record.user for record in alike], alike[0].arguments, counts)
            yield alike[-1].line
        yield some[-1].line


def _send(users: Sequence[Any], arguments: Mapping[str, Any], counts: Counts) -> None:
    rows = notify_many(users, **arguments)
    counts.sent += len(rows)
    if len(rows) < len(users):
        without = {user.pk for user in users} - {row.recipient_id for row in rows}
        model: Any = get_user_model()
        living = model._base_manager.using(write_database.alias()).filter(pk__in=without).count()
        counts.refused += living
        counts.gone += len(without) - living


def had(places: Sequence[tuple[Any, str]]) -> set[tuple[Any, str]]:
    """Return those users and keys that have a notification. One query."""
    users = user_key.to_sql([user_id for user_id, _ in places])
    with write_database.connection().cursor() as cursor:
        cursor.execute(
            f"""
            SELECT recipient_id, key FROM {table("notification")}
              JOIN unnest(%s::{user_key.sql_type()}[], %s::text[]) AS wanted (recipient_id, key)
             USING (recipient_id, key)
            """,  # noqa: S608 - the name of our own table
            [users, [key for _, key in places]],
        )
        return {(user_key.from_sql(user_id), key) for user_id, key in cursor.fetchall()}


def _alike(records: Sequence[Good]) -> Iterator[list[Good]]:
    """Yield neighbours with the same arguments together, at most CHUNK of them."""
    some: list[Good] = []
    for record in records:
        if some and (record.arguments != some[0].arguments or len(some) == CHUNK):
            yield some
            some = []
        some.append(record)
    if some:
        yield some
