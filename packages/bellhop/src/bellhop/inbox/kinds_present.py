"""Which kinds of notifications a person's list holds."""

from typing import Any, Final

from django.db.models.expressions import RawSQL

from bellhop.inbox.views import Filters, View, rows
from bellhop.models import write_database

MOST: Final = 50
"""Kinds that are looked for; a longer row of them would help nobody."""


def kinds_present(user_id: Any, view: View = View.INBOX) -> list[str]:
    """Return the kinds of the notifications in a view of the user's, in ascending order, MOST at most. One query.

    It goes from one kind to the next on an index, however many notifications there are of each.
    """
    those = rows(user_id, Filters(view)).order_by("kind").values("kind")
    first, given = those[:1].query.sql_with_params()
    beyond = those.filter(kind__gt=RawSQL("found.kind", ()))
    following, given_again = beyond[:1].query.sql_with_params()
    with write_database.connection().cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE found (kind) AS (
                ({first})
                UNION ALL
                SELECT following.kind FROM found CROSS JOIN LATERAL ({following}) AS following (kind))
            SELECT kind FROM found LIMIT {MOST}
            """,  # noqa: S608 - Django's own SQL
            [*given, *given_again],
        )
        return [kind for (kind,) in cursor.fetchall()]
