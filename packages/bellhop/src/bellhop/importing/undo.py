"""Deletes what was imported, and nothing else."""

from collections.abc import Iterator
from itertools import batched
from typing import Any, Final

from bellhop.models import Notification, NotificationQuerySet, write_database

AT_ONCE: Final = 500
"""Rows that are deleted in one transaction."""

AHEAD: Final = 10_000
"""Keys that are fetched at once."""


def imported(kind: str, prefix: str) -> NotificationQuerySet:
    """Return the rows of that kind whose keys begin so."""
    rows: NotificationQuerySet = Notification.objects.using(write_database.alias())
    return rows.filter(kind=kind, key__startswith=prefix)


def delete_imported(kind: str, prefix: str) -> Iterator[int]:
    """Delete these rows, AT_ONCE at a time, and yield how many each time. Open tabs drop them, as they do any.

    What breaks off in between is finished by another call. Raises DatabaseError.
    """
    last: list[Any] = []
    while True:
        those = imported(kind, prefix)
        if last:
            # What lies before is gone by now, and need not be looked through again.
            those = those.filter(recipient__gte=last[0])
        found = list(those.order_by("recipient_id").values_list("pk", "recipient_id")[:AHEAD])
        for some in batched(found, AT_ONCE):
            those = imported(kind, prefix).filter(pk__in=[pk for pk, _ in some])
            yield those.delete()[0]
        if len(found) < AHEAD:
            return
        last = [found[-1][1]]
