"""The statement that writes a notification's rows, each under its recipient's next seq."""

import json
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from bellhop.models import Notification
from bellhop.models.inbox import refuse_deleted
from bellhop.models.inbox_sql import advance, table


def save_with_next_seq(user_ids: Sequence[int], **columns: Any) -> list[Notification]:
    """Save the same notification to each user under their next seq; return the rows in ascending user id.

    `columns` are those of saving.check_arguments. A user who does not exist gets none. One statement, so that outside a
    transaction nothing else is under way while inboxes are locked; it waits for transactions that hold one of them.

    Raises IntegrityError, with nothing saved, where in this very moment one of the users is deleted or a row is saved
    past notify() under the same seq; another DatabaseError where the database does not take it.
    """
    created = timezone.now()
    values = {**columns, "data": json.dumps(columns["data"]), "created": created}
    with connection.cursor() as cursor:
        statement = _save_sql(connection.in_atomic_block)
        cursor.execute(statement, {"users": sorted(user_ids), "by": 1, **values})
        found = cursor.fetchall()
    refuse_deleted([user_id for id_, user_id, _ in found if id_ is None])
    rows = [
        Notification(id=id_, recipient_id=user_id, seq=seq, created=created, **columns)
        for id_, user_id, seq in sorted(found, key=itemgetter(1))
    ]
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


@cache
def _save_sql(in_transaction: bool) -> str:
    """Return SQL that advances the users' inboxes, inserts a row for each, and returns (id, user_id, seq).

    In a transaction the id is NULL for a user who is deleted in this very moment. Outside of one the foreign keys tell
    as soon as the statement ends, and nothing is asked twice.
    """
    user = get_user_model()._meta
    living = f"JOIN {user.db_table} AS u ON u.{user.pk.column} = user_id FOR KEY SHARE OF u"
    saved = f"""
    INSERT INTO {table("notification")}
           (id, recipient_id, seq, key, kind, message, body, url, data, created, rev, request_id)
    SELECT gen_random_uuid(), user_id, last_seq, %(key)s, %(kind)s, %(message)s, %(body)s, %(url)s, %(data)s,
           %(created)s, 0, %(request_id)s
      FROM advanced {living if in_transaction else ""}
    RETURNING id, recipient_id, seq
"""  # noqa: S608 - the names of tables, our own and the user model's
    if not in_transaction:
        return f"WITH advanced AS ({advance()}) {saved}"
    return f"""
    WITH advanced AS ({advance()}), saved AS ({saved})
    SELECT saved.id, user_id, last_seq FROM advanced LEFT JOIN saved ON recipient_id = user_id
"""  # noqa: S608 - the names of tables, our own and the user model's
