"""Finds what the rules let go of: person by person, since no index knows which rows are old.

People are gone through along the index of their seqs, PEOPLE at a time, so that no statement takes long however large
the table is. Rows that wait for their number are left alone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from bellhop.models import user_key
from bellhop.models.inbox_sql import table
from bellhop.models.write_database import connection
from bellhop.retention.rules import Rule

PEOPLE: Final = 100
"""People whose rows one statement looks through."""

AHEAD: Final = 10_000
"""Rows that one statement finds at most."""


def next_people(after: Any = None) -> list[Any]:
    """Return the next PEOPLE people who have notifications, in ascending id, as keys that the database has.

    `after` is the last one of the call before; None for the first. One query, which costs no more for people who have
    many. Raises DatabaseError.
    """
    with connection().cursor() as cursor:
        cursor.execute(_people_sql(is_first=after is None), {"after": after, "people": PEOPLE})
        return [person for (person,) in cursor.fetchall() if person is not None]


def rows_of(people: list[Any], rules: Sequence[Rule], now: datetime) -> list[tuple[UUID, str]]:
    """Return id and kind of what the rules let go of these people's, person by person, AHEAD at most. One query."""
    sql, parameters = _matching(rules, now)
    with connection().cursor() as cursor:
        cursor.execute(
            f"SELECT n.id, n.kind {sql} ORDER BY p.place, n.seq LIMIT {AHEAD}",
            {**parameters, "people": people},
        )
        return cursor.fetchall()


def count_of(people: list[Any], rules: Sequence[Rule], now: datetime) -> Counter[str]:
    """Return how much the rules let go of these people's, by kind. One query."""
    sql, parameters = _matching(rules, now)
    with connection().cursor() as cursor:
        cursor.execute(
            f"SELECT n.kind, count(*) {sql} GROUP BY n.kind",
            {**parameters, "people": people},
        )
        return Counter(dict(cursor.fetchall()))


def _people_sql(*, is_first: bool) -> str:
    """Return SQL that steps from one person to the next along an index."""
    rows = table("notification")
    begin = "" if is_first else f"WHERE recipient_id > %(after)s::{user_key.sql_type()}"
    return f"""
    WITH RECURSIVE person AS (
        (SELECT recipient_id AS id FROM {rows} {begin} ORDER BY recipient_id LIMIT 1)
        UNION ALL
        SELECT (SELECT n.recipient_id FROM {rows} AS n WHERE n.recipient_id > person.id
                 ORDER BY n.recipient_id LIMIT 1)
          FROM person WHERE person.id IS NOT NULL
    )
    SELECT id FROM person LIMIT %(people)s
"""  # noqa: S608 - the names of our own tables


def _matching(rules: Sequence[Rule], now: datetime) -> tuple[str, dict[str, Any]]:
    """Return the FROM of a query, with its parameters, for the rows `n` that any of the rules lets go of."""
    rows = table("notification")
    parameters: dict[str, Any] = {}
    limits, conditions = [], []
    for at, rule in enumerate(rules):
        parameters[f"kinds{at}"] = list(rule.kinds)
        comparison = "<> ALL" if rule.is_of_others else "= ANY"
        is_meant = f"kind {comparison}(%(kinds{at})s::text[])"
        if rule.keep is not None:
            parameters[f"before{at}"] = now - rule.keep
            conditions.append(f"(n.{is_meant} AND n.created < %(before{at})s)")
        if rule.newest is not None:
            parameters[f"newest{at}"] = rule.newest
            # The highest seq that goes: looked for from the newest one on, and no further.
            limits.append(
                f"(SELECT m.seq FROM {rows} AS m WHERE m.recipient_id = p.id AND m.seq IS NOT NULL"  # noqa: S608
                f" AND m.{is_meant} ORDER BY m.seq DESC OFFSET %(newest{at})s LIMIT 1) AS seq{at}"
            )
            conditions.append(f"(n.{is_meant} AND n.seq <= limits.seq{at})")
    sql = f"""
      FROM unnest(%(people)s::{user_key.sql_type()}[]) WITH ORDINALITY AS p (id, place)
     CROSS JOIN LATERAL (SELECT {", ".join(limits) or "NULL"} OFFSET 0) AS limits
      JOIN {rows} AS n ON n.recipient_id = p.id AND n.seq IS NOT NULL
       AND ({" OR ".join(conditions) or "false"})
"""
    return sql, parameters
