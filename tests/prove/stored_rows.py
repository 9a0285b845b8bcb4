"""The stored rows, read from PostgreSQL directly: none of the product's code says what is true."""

import os
from typing import Any

import psycopg

from prove.oracle.record import Row

# Without what has no number yet, as it was committed just now. What never gets one was accepted and not stored: lost.
_ROWS = """
    SELECT n.id::text, u.username, n.seq, n.kind, n.message, n.key,
           extract(epoch FROM n.created)::float8, n.read_at IS NULL AND n.archived_at IS NULL
    FROM bellhop_notification n JOIN auth_user u ON u.id = n.recipient_id
    WHERE u.username = ANY(%s) AND n.seq IS NOT NULL ORDER BY n.recipient_id, n.seq
"""


class AwayError(Exception):
    """PostgreSQL does not answer."""


def rows(names: list[str]) -> list[Row]:
    """Return all notifications of these people, in order; AwayError while PostgreSQL is down."""
    return [Row(*row) for row in _query(_ROWS, names)]


def user_ids(names: list[str]) -> dict[str, int]:
    """Return the primary keys of these accounts."""
    return dict(_query("SELECT username, id FROM auth_user WHERE username = ANY(%s)", names))


def _query(statement: str, *values: object) -> list[Any]:
    url = os.environ.get("DATABASE_URL")
    known = {"host": "db", "dbname": "bellhop", "user": "bellhop"}
    password = os.environ.get("POSTGRES_PASSWORD") or "development"
    target = url or psycopg.conninfo.make_conninfo(**known, password=password)
    try:
        with psycopg.connect(target, connect_timeout=3) as connection:
            return connection.execute(statement, values).fetchall()
    except psycopg.OperationalError as error:
        raise AwayError(str(error).strip()) from error
