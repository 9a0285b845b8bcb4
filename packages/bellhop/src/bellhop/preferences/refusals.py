"""How many notifications inboxes have refused: they are counted, and not stored."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from weakref import WeakSet

from django.db import transaction

from bellhop.logs import get_logger
from bellhop.models import Refusal, user_key, write_database
from bellhop.models.inbox_sql import table, user_table

log = get_logger(__name__)


def refusals_of(user_id: Any) -> dict[str, tuple[int, datetime]]:
    """Return what the person's inbox has refused, by kind: how many, and the latest's moment. One query."""
    rows = Refusal._default_manager.using(write_database.alias()).filter(user=user_id)
    return {
        kind: (count, latest)
        for kind, count, latest in rows.order_by("kind").values_list("kind", "count", "latest")
    }


def count_refused(user_ids: Sequence[Any], kind_name: str, now: datetime) -> None:
    """Count that these inboxes have refused one of that kind: now, or after the commit of the caller's transaction.

    One query, and none before that commit: the transaction holds no lock for it, and counts nothing where it is rolled
    back. Never raises: a count is not worth an error. A user who has been deleted meanwhile is passed over.
    """
    transaction.on_commit(
        _Uncounted(user_ids, kind_name, now), using=write_database.alias(), robust=True
    )


def uncounted(user_id: Any) -> dict[str, int]:
    """Return how many of each kind the transactions of this process have refused that are not committed. No query."""
    found: dict[str, int] = {}
    for each in _waiting:
        if user_id in each.user_ids:
            found[each.kind_name] = found.get(each.kind_name, 0) + 1
    return found


class _Uncounted:
    """One notification that was refused, by whom: called after the commit. What is rolled back is simply forgotten."""

    def __init__(self, user_ids: Sequence[Any], kind_name: str, now: datetime) -> None:
        self.user_ids, self.kind_name, self.now = user_ids, kind_name, now
        _waiting.add(self)

    def __call__(self) -> None:
        _waiting.discard(self)
        log.info("notifications_refused", kind=self.kind_name, count=len(self.user_ids))
        try:
            with write_database.connection().cursor() as cursor:
                cursor.execute(
                    _sql(),
                    {
                        "users": user_key.to_sql(self.user_ids),
                        "kind": self.kind_name,
                        "now": self.now,
                    },
                )
        except Exception as error:
            reason = " ".join(str(error).split())
            log.warning("refusals_not_counted", kind=self.kind_name, error=reason)


_waiting: Final[WeakSet[_Uncounted]] = WeakSet()


@cache
def _sql() -> str:
    """Return SQL that counts one more of the kind for each user, in the order in which all others lock those rows."""
    user, pk = user_table()
    return f"""
    INSERT INTO {table("refusal")} AS refusal (user_id, kind, count, latest)
    SELECT u.{pk}, %(kind)s, 1, %(now)s FROM {user} AS u
     WHERE u.{pk} = ANY(%(users)s::{user_key.sql_type()}[]) ORDER BY u.{pk}
        ON CONFLICT (user_id, kind) DO UPDATE
       SET count = refusal.count + 1, latest = GREATEST(refusal.latest, excluded.latest)
"""  # noqa: S608 - the names of tables, our own and the user model's
