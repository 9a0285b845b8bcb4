"""The two statements that write a notification's rows: each under its recipient's next seq, or without a number yet."""

import json
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils import timezone

from bellhop.models import Notification, user_key
from bellhop.models.inbox_sql import advance, table, user_table
from bellhop.models.write_database import connection
from bellhop.saving.moments import next_moment


def save_with_next_seq(user_ids: Sequence[Any], **columns: Any) -> list[Notification]:
    """Save the same notification to each user under their next seq; return the rows in ascending user id.

    `columns` are those of saving.check_arguments. One statement, so that outside a transaction nothing else is under
    way while inboxes are locked; it waits for transactions that hold one of them. For callers outside a transaction.

    Passed over, and not in the answer: a user who does not exist, and one who has rows without a number, which come
    first (saving.number).

    Raises IntegrityError, with nothing saved, where in this very moment one of the users is deleted or a row is saved
    past notify() under the same seq; another DatabaseError where the database does not take it.
    """
    values = {**columns, "data": json.dumps(columns["data"]), "created": timezone.now()}
    with connection().cursor() as cursor:
        cursor.execute(
            _numbered_sql(), {"users": user_key.to_sql(sorted(user_ids)), "by": 1, **values}
        )
        found = cursor.fetchall()
    return [
        _row(id_, user_id, {**columns, "seq": seq, "created": values["created"]})
        for id_, user_id, seq in sorted(found, key=itemgetter(1))
    ]


class Unnumbered(NamedTuple):
    """Rows that were saved without a number, in ascending user id, and the transaction they were saved in."""

    rows: list[Notification]
    transaction_id: str


def save_unnumbered(user_ids: Sequence[Any], **columns: Any) -> Unnumbered:
    """Save the same notification to each user without a number; saving.number gives it one after the commit.

    One statement that holds nobody's inbox. Passed over, and not in the answer: a user who does not exist or is deleted
    in this very moment, and one who has a row with that `key`. Waits for a transaction that deletes one of the users,
    or saves a row with that key, just now. Raises DatabaseError where the database does not take it.
    """
    values = {**columns, "data": json.dumps(columns["data"]), "created": next_moment()}
    with connection().cursor() as cursor:
        cursor.execute(_unnumbered_sql(), {"users": user_key.to_sql(sorted(user_ids)), **values})
        found = cursor.fetchall()
    rows = [
        _row(id_, user_id, {**columns, "seq": None, "created": values["created"]})
        for id_, user_id, _ in sorted(found, key=itemgetter(1))
    ]
    return Unnumbered(rows, found[0][2] if found else "")


def _row(id_: Any, user_id: Any, columns: dict[str, Any]) -> Notification:
    row = Notification(id=id_, recipient_id=user_key.from_sql(user_id), **columns)
    row._state.adding, row._state.db = False, connection().alias
    return row


_COLUMNS = "id, recipient_id, seq, key, kind, message, body, url, data, created, rev, request_id"
_VALUES = (
    "%(key)s, %(kind)s, %(message)s, %(body)s, %(url)s, %(data)s, %(created)s, 0, %(request_id)s"
)


@cache
def _numbered_sql() -> str:
    """Return SQL that advances the users' inboxes, inserts a row for each, and returns (id, user_id, seq).

    Whether one of them is deleted meanwhile the foreign keys tell as soon as the statement ends.
    """
    return f"""
    WITH advanced AS ({advance(passes_over_unnumbered=True)})
    INSERT INTO {table("notification")} ({_COLUMNS})
    SELECT gen_random_uuid(), user_id, last_seq, {_VALUES} FROM advanced
    RETURNING id, recipient_id, seq
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def _unnumbered_sql() -> str:
    """Return SQL that inserts a row for each user that exists, and returns (id, user_id, transaction id).

    The users are locked, as a foreign key would lock them, before the rows are written: said at the caller's commit,
    that one of them has been deleted would be the caller's error.
    """
    user, pk = user_table()
    return f"""
    INSERT INTO {table("notification")} ({_COLUMNS})
    SELECT gen_random_uuid(), id, NULL, {_VALUES}
      FROM (SELECT u.{pk} AS id FROM {user} AS u WHERE u.{pk} = ANY(%(users)s::{user_key.sql_type()}[])
             ORDER BY u.{pk} FOR KEY SHARE OF u) AS living
        ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id, pg_current_xact_id()::text
"""  # noqa: S608 - the names of tables, our own and the user model's
