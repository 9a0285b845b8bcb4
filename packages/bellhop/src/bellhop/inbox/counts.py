"""How much is in each of a person's lists."""

from typing import Any, Final, NamedTuple

from bellhop.inbox.views import Filters, View, rows
from bellhop.models import write_database

CAP: Final = 100
"""Where a list has as many or more, they are not counted further."""


class Counts(NamedTuple):
    """Notifications in each view, CAP for as many or more."""

    inbox: int
    unread: int
    archived: int


def counts(user_id: Any) -> Counts:
    """Return how many notifications are in each of the user's views. One query, which counts no further than CAP."""
    parts: list[str] = []
    given: list[Any] = []
    for view in (View.INBOX, View.UNREAD, View.ARCHIVED):
        some = rows(user_id, Filters(view)).values("seq")[:CAP]
        sql, params = some.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS {view})")  # noqa: S608 - Django's own SQL
        given.extend(params)
    with write_database.connection().cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return Counts(*cursor.fetchone())
