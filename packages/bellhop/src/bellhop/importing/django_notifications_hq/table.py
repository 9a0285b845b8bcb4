"""Reads the table of django-notifications-hq: in the order of time, some rows at once, however many there are."""

from collections.abc import Iterator
from itertools import batched
from typing import Any, Final, NamedTuple

from bellhop.models.write_database import connection

NAME: Final = "notifications_notification"
"""Of the table, unless the project has a notification model of its own."""

AT_ONCE: Final = 500
"""Rows that are held in memory."""

AHEAD: Final = 10_000
"""Keys that are fetched at once: the table may have no index of time, and is then sorted once for so many rows."""

_ALWAYS: Final = ("id", "recipient_id", "verb", "timestamp", "unread", "actor_object_id")
# What older releases did not have, or a model of the project's own may have left out, as it is where nobody said more.
_ELSE: Final = {
    "actor_content_type_id": "NULL",
    "action_object_content_type_id": "NULL",
    "action_object_object_id": "NULL",
    "target_content_type_id": "NULL",
    "target_object_id": "NULL",
    "level": "'info'",
    "description": "NULL",
    "deleted": "false",
    "data": "NULL",
}


class TableError(Exception):
    """The table cannot be read; one line that says why."""


class Thing(NamedTuple):
    """What a generic foreign key points at: the id of its content type, and its primary key as text."""

    content_type: int
    key: str


class SourceRow(NamedTuple):
    """One notification of django-notifications-hq."""

    id: Any
    recipient_id: Any
    level: str
    unread: bool
    verb: str
    description: str
    timestamp: Any
    deleted: bool
    data: str
    """As JSON; "" where there is none."""
    actor: Thing | None
    action_object: Thing | None
    target: Thing | None


class Table:
    """The table, found in the database of the notifications. TableError where it is not there, or is another one."""

    def __init__(self, name: str = NAME) -> None:
        self._sql_name = connection().ops.quote_name(name)
        with connection().cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
                " AND NOT attisdropped",
                [self._sql_name],
            )
            columns = {column for (column,) in cursor.fetchall()}
        if not columns:
            raise TableError(f"there is no table {name}; name another one with --table")
        if missing := [column for column in _ALWAYS if column not in columns]:
            raise TableError(
                f"{name} is not a table of django-notifications-hq: it has no {', '.join(missing)}"
            )
        self._columns = {
            column: f'"{column}"' if column in columns else otherwise
            for column, otherwise in {**dict.fromkeys(_ALWAYS, ""), **_ELSE}.items()
        }

    def count(self) -> int:
        """Return the number of rows. One query."""
        with connection().cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self._sql_name}")  # noqa: S608
            return int(cursor.fetchone()[0])

    def rows(self) -> Iterator[list[SourceRow]]:
        """Yield all rows, the oldest first, AT_ONCE at a time. A query for each, and one for every AHEAD rows."""
        for ids in batched(self._ids(), AT_ONCE):
            with connection().cursor() as cursor:
                cursor.execute(
                    f"""SELECT {self._selected()} FROM {self._sql_name}
                         WHERE id = ANY(%s) ORDER BY "timestamp", id""",  # noqa: S608
                    [list(ids)],
                )
                found = cursor.fetchall()
            yield [_row(*values) for values in found]

    def _ids(self) -> Iterator[Any]:
        after = "true"
        last: list[Any] = []
        while True:
            with connection().cursor() as cursor:
                cursor.execute(
                    f"""SELECT "timestamp", id FROM {self._sql_name} WHERE {after}
                         ORDER BY "timestamp", id LIMIT {AHEAD}""",  # noqa: S608
                    last,
                )
                found = cursor.fetchall()
            for _, id_ in found:
                yield id_
            if len(found) < AHEAD:
                return
            after, last = '("timestamp", id) > (%s, %s)', list(found[-1])

    def _selected(self) -> str:
        column = self._columns
        return ", ".join(
            (
                *(column[name] for name in ("id", "recipient_id", "level", "unread", "verb")),
                f"COALESCE({column['description']}, '')",
                *(column[name] for name in ("timestamp", "deleted")),
                # Text, or jsonb in the fork.
                f"COALESCE(({column['data']})::text, '')",
                *(column[f"{thing}_content_type_id"] for thing in _THINGS),
                *(column[f"{thing}_object_id"] for thing in _THINGS),
            )
        )


_THINGS: Final = ("actor", "action_object", "target")


def _row(*values: Any) -> SourceRow:
    plain, content_types, keys = values[:9], values[9:12], values[12:]
    things = [
        None if content_type is None or key is None else Thing(content_type, str(key))
        for content_type, key in zip(content_types, keys, strict=True)
    ]
    return SourceRow(*plain, *things)
