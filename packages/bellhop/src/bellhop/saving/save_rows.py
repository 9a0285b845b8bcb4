"""The two statements that write a notification's rows: each under its recipient's next seq, or without a number yet."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils import timezone

from bellhop.models import Notification, user_key
from bellhop.models.inbox_sql import advance, table, user_table
from bellhop.models.write_database import connection
from bellhop.saving.moments import next_moment


class Own(NamedTuple):
    """The columns of a row that are its recipient's own."""

    language: str = ""
    toast: bool = True
    desktop: bool = False
    in_storm: bool = False


def save_with_next_seq(people: Mapping[Any, Own], **columns: Any) -> list[Notification]:
    """Save the same notification to each user, given by id, under their next seq; return the rows in ascending user id.

    `columns` are those of saving.check_arguments. None for nobody. One statement, so that outside a transaction nothing
    else is under way while inboxes are locked; it waits for transactions that hold one of them. For callers outside a
    transaction.

    Passed over, and not in the answer: a user who does not exist, and one who has rows without a number, which come
    first (saving.number).

    Raises IntegrityError, with nothing saved, where in this very moment one of the users is deleted or a row is saved
    past notify() under the same seq; another DatabaseError where the database does not take it.
    """
    if not people:
        return []
    created = timezone.now()
    with connection().cursor() as cursor:
        cursor.execute(
            _numbered_sql(_are_alike(people)), {"by": 1, **_values(people, columns, created)}
        )
        found = cursor.fetchall()
    return [
        _row(id_, user_id, people, {**columns, "seq": seq, "created": created})
        for id_, user_id, seq in sorted(found, key=itemgetter(1))
    ]


class Unnumbered(NamedTuple):
    """Rows that were saved without a number, in ascending user id, and the transaction they were saved in."""

    rows: list[Notification]
    transaction_id: str


def save_unnumbered(people: Mapping[Any, Own], **columns: Any) -> Unnumbered:
    """Save the same notification to each user, given by id, without a number; saving.number gives it one after the
    commit. None for nobody.

    One statement that holds nobody's inbox. Passed over, and not in the answer: a user who does not exist or is deleted
    in this very moment, and one who has a row with that `key`. Waits for a transaction that deletes one of the users,
    or saves a row with that key, just now. Raises DatabaseError where the database does not take it.
    """
    if not people:
        return Unnumbered([], "")
    created = next_moment()
    with connection().cursor() as cursor:
        cursor.execute(_unnumbered_sql(_are_alike(people)), _values(people, columns, created))
        found = cursor.fetchall()
    rows = [
        _row(id_, user_id, people, {**columns, "seq": None, "created": created})
        for id_, user_id, _ in sorted(found, key=itemgetter(1))
    ]
    return Unnumbered(rows, found[0][2] if found else "")


def _are_alike(people: Mapping[Any, Own]) -> bool:
    """Return whether the rows have nothing of their own, as those of one person and of most crowds."""
    return len(set(people.values())) == 1


def _values(
    people: Mapping[Any, Own], columns: dict[str, Any], created: datetime
) -> dict[str, Any]:
    ids = sorted(people)
    if _are_alike(people):
        own: dict[str, Any] = people[ids[0]]._asdict()
    else:
        each = zip(*(people[user_id] for user_id in ids), strict=True)
        own = {f"{name}s": list(values) for name, values in zip(Own._fields, each, strict=True)}
    data = json.dumps(columns["data"])
    return {**columns, **own, "data": data, "created": created, "users": user_key.to_sql(ids)}


def _row(
    id_: Any, user_id: Any, people: Mapping[Any, Own], columns: dict[str, Any]
) -> Notification:
    recipient = user_key.from_sql(user_id)
    row = Notification(id=id_, recipient_id=recipient, **people[recipient]._asdict(), **columns)
    row._state.adding, row._state.db = False, connection().alias
    return row


_COLUMNS = """id, recipient_id, seq, language, toast, desktop, in_storm,
           key, kind, message, body, url, data, created, rev, request_id, thread, expires_at, updated_rev"""
_VALUES = """%(key)s, %(kind)s, %(message)s, %(body)s, %(url)s, %(data)s, %(created)s, 0, %(request_id)s,
           %(thread)s, %(expires_at)s, 0"""


def _own(are_alike: bool, user_id: str) -> tuple[str, str]:
    """Return SQL for what each recipient's row has of its own, and for the join that this needs."""
    if are_alike:
        return ", ".join(f"%({name})s" for name in Own._fields), ""
    table = f"""unnest(%(users)s::{user_key.sql_type()}[], %(languages)s::text[], %(toasts)s::bool[],
                  %(desktops)s::bool[], %(in_storms)s::bool[]) AS own(user_id, {", ".join(Own._fields)})"""
    return ", ".join(
        f"own.{name}" for name in Own._fields
    ), f"JOIN {table} ON own.user_id = {user_id}"


@cache
def _numbered_sql(are_alike: bool) -> str:
    """Return SQL that advances the users' inboxes, inserts a row for each, and returns (id, user_id, seq).

    Whether one of them is deleted meanwhile the foreign keys tell as soon as the statement ends.
    """
    own, join = _own(are_alike, "advanced.user_id")
    return f"""
    WITH advanced AS ({advance(passes_over_unnumbered=True)})
    INSERT INTO {table("notification")} ({_COLUMNS})
    SELECT gen_random_uuid(), advanced.user_id, last_seq, {own}, {_VALUES} FROM advanced {join}
    RETURNING id, recipient_id, seq
"""  # noqa: S608 - the names of tables, our own and the user model's


@cache
def _unnumbered_sql(are_alike: bool) -> str:
    """Return SQL that inserts a row for each user that exists, and returns (id, user_id, transaction id).

    The users are locked, as a foreign key would lock them, before the rows are written: said at the caller's commit,
    that one of them has been deleted would be the caller's error.
    """
    user, pk = user_table()
    own, join = _own(are_alike, "living.id")
    return f"""
    INSERT INTO {table("notification")} ({_COLUMNS})
    SELECT gen_random_uuid(), living.id, NULL, {own}, {_VALUES}
      FROM (SELECT u.{pk} AS id FROM {user} AS u WHERE u.{pk} = ANY(%(users)s::{user_key.sql_type()}[])
             ORDER BY u.{pk} FOR KEY SHARE OF u) AS living
           {join}
        ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id, pg_current_xact_id()::text
"""  # noqa: S608 - the names of tables, our own and the user model's
