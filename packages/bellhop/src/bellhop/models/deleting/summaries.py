"""Summaries: rows that tell of others of their kind, and say how many those are. What a summary counts may go."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bellhop.models.inbox_sql import table
from bellhop.models.write_database import connection


def left_after(
    removed: Mapping[UUID, UUID | None], summaries: "QuerySet[Any]"
) -> dict[UUID, tuple[Any, int]]:
    """Return by id each summary that tells of removed rows and stays itself: its recipient, and how many it has left.

    `removed` are the rows that go, with the summary that tells of each, if any. One query, none where no summary tells
    of any. Needs the recipients' inboxes locked.
    """
    lost = Counter(summary for summary in removed.values() if summary is not None)
    told = [summary for summary in lost if summary not in removed]
    if not told:
        return {}
    rows = summaries.filter(pk__in=told, sums_up__isnull=False).order_by()
    return {
        pk: (user_id, max(0, count - lost[pk]))
        for pk, user_id, count in rows.values_list("pk", "recipient_id", "sums_up")
    }


def set_counts(counts: Mapping[UUID, tuple[Any, int]], revs: Mapping[Any, int]) -> None:
    """Let summaries, given as recipient and number by id, say another number: a change of their recipients' new revs.

    One query, none without summaries. Needs the recipients' inboxes locked.
    """
    if not counts:
        return
    with connection().cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table("notification")} AS n
               SET sums_up = counted.number, rev = counted.rev, updated_rev = counted.rev
              FROM unnest(%s::uuid[], %s::int[], %s::bigint[]) AS counted (id, number, rev)
             WHERE n.id = counted.id
            """,  # noqa: S608 - the name of our own table
            [
                list(counts),
                [number for _, number in counts.values()],
                [revs[user_id] for user_id, _ in counts.values()],
            ],
        )
