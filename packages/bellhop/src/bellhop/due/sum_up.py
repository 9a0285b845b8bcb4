"""Tells by one summary of what came in a storm: it grows for a minute, and the next one comes after that.

So there is at most one toast a minute, person and kind.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bellhop.due.batch import NOT_OURS, Batch
from bellhop.due.turns import BATCH, lock_free_inboxes, turn
from bellhop.models import Inbox, Notification, NotificationQuerySet, write_database
from bellhop.models.deleting import summaries
from bellhop.models.inbox_sql import table
from bellhop.saving.number import number
from bellhop.saving.tell import tell

TASK: Final = "sum_up"

OPEN: Final = timedelta(seconds=60)
"""How long a summary grows."""

UNTOLD: Final = Q(in_storm=True, summary=None, seq__isnull=False)
"""What no summary tells of yet."""


class Storm(NamedTuple):
    """A kind of notification that came to a person more often than is told."""

    recipient_id: Any
    kind: str


def sum_up_some(now: datetime, held: Collection[Any] = ()) -> Batch:
    """Have summaries tell of up to BATCH notifications that came in a storm, in a transaction of its own.

    A summary of the last minute that nobody has read or put away grows: it keeps its id and its seq, and pages are told
    its new number as an update. Where there is none a new one is saved, and told after the commit. Where one of the
    last minute has been read or put away, the storm waits for the minute's end. What was read or put away before any
    summary told of it needs none. Those of people in `held` are passed over.

    Two queries where nothing is due, some fifteen otherwise. Raises DatabaseError.
    """
    with turn(TASK) as is_ours:
        if not is_ours:
            return NOT_OURS
        stored = Notification.objects.using(write_database.alias())
        found = _found(stored, held)
        if not found:
            return Batch(0)
        free = lock_free_inboxes({row.recipient_id for row in found})
        rows = [row.pk for row in found if row.recipient_id in free]
        told, waiting = _tell_of(stored.filter(UNTOLD, pk__in=rows), now) if rows else (0, set())
        busy = {row.recipient_id for row in found} - free
        return Batch(told, held=busy | waiting, is_last=len(found) < BATCH)


def _found(stored: NotificationQuerySet, held: Collection[Any]) -> Sequence[Notification]:
    rows = stored.filter(UNTOLD).exclude(recipient__in=held)
    return list(rows.order_by("recipient", "kind").only("recipient_id")[:BATCH])


def _tell_of(untold: NotificationQuerySet, now: datetime) -> tuple[int, set[Any]]:
    """Return how many rows were told of, or need no telling, and whose wait for the end of a minute."""
    seen = untold.exclude(read_at=None, archived_at=None).update(in_storm=False)
    storms: dict[Storm, list[Notification]] = defaultdict(list)
    for row in untold.order_by("seq").only("recipient_id", "kind", "language"):
        storms[Storm(row.recipient_id, row.kind)].append(row)
    if not storms:
        return seen, set()
    latest = {
        Storm(row.recipient_id, row.kind): row
        for row in _of_the_last_minute(storms, now).filter(sums_up__isnull=False)
    }
    waiting = {storm for storm, summary in latest.items() if not _grows(summary)}
    due = {storm: rows for storm, rows in storms.items() if storm not in waiting}
    _grow([(summary, due[storm]) for storm, summary in latest.items() if storm in due])
    _begin({storm: rows for storm, rows in due.items() if storm not in latest}, now)
    return seen + sum(map(len, due.values())), {storm.recipient_id for storm in waiting}


def _of_the_last_minute(storms: Collection[Storm], now: datetime) -> NotificationQuerySet:
    """Return what was told of these kinds to these people in the last minute, by a clock that may be set back."""
    stored = Notification.objects.using(write_database.alias())
    return stored.filter(
        toast=True,
        recipient__in={storm.recipient_id for storm in storms},
        kind__in={storm.kind for storm in storms},
        created__gt=now - OPEN,
        created__lt=now + OPEN,
    ).order_by("created")


def _grows(summary: Notification) -> bool:
    return summary.read_at is None and summary.archived_at is None


def _grow(those: Sequence[tuple[Notification, list[Notification]]]) -> None:
    """Let each summary tell of more rows."""
    if not those:
        return
    revs = Inbox.raise_revs(sorted({summary.recipient_id for summary, _ in those}))
    counts = {
        summary.pk: (summary.recipient_id, (summary.sums_up or 0) + len(rows))
        for summary, rows in those
    }
    summaries.set_counts(counts, revs)
    _link({row.pk: summary.pk for summary, rows in those for row in rows})


def _begin(storms: dict[Storm, list[Notification]], now: datetime) -> None:
    """Save a summary for each storm, under the next seq of its recipient, and have it told after the commit."""
    if not storms:
        return
    on_desktop = _of_the_last_minute(storms, now).filter(desktop=True).order_by()
    told = {Storm(*each) for each in on_desktop.values_list("recipient_id", "kind")}
    fresh = [
        Notification(
            recipient_id=storm.recipient_id,
            kind=storm.kind,
            language=rows[-1].language,
            # As those were that came before the storm.
            desktop=storm in told,
            sums_up=len(rows),
            # Numbered in this order.
            created=now + timedelta(microseconds=place),
        )
        for place, (storm, rows) in enumerate(storms.items())
    ]
    Notification.objects.using(write_database.alias()).bulk_create(fresh)
    numbers = number([summary.pk for summary in fresh])
    for summary in fresh:
        summary.seq = numbers[summary.pk]
    pairs = zip(fresh, storms.values(), strict=True)
    _link({row.pk: summary.pk for summary, rows in pairs for row in rows})
    for _, alike in groupby(sorted(fresh, key=attrgetter("kind")), key=attrgetter("kind")):
        tell_them = partial(tell, list(alike))
        transaction.on_commit(tell_them, using=write_database.alias(), robust=True)


def _link(told: dict[UUID, UUID]) -> None:
    """Note which summary tells of which row. One query."""
    with write_database.connection().cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table("notification")} AS n SET summary = told.summary
              FROM unnest(%s::uuid[], %s::uuid[]) AS told (id, summary) WHERE n.id = told.id
            """,  # noqa: S608 - the name of our own table
            [list(told), list(told.values())],
        )
