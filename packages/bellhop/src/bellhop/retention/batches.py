"""Deletes notifications in transactions that are short: whoever gets one just now hardly waits."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from bellhop.models import Notification, write_database

AT_ONCE: Final = 500
"""Rows of one transaction at most. It holds the inboxes of their recipients, in ascending id, and nobody else's."""


def delete_batch(ids: Sequence[UUID]) -> int:
    """Delete the notifications with these ids in one transaction; return how many were still there.

    Open pages drop them, as they do whatever is deleted. It waits for transactions that hold one of the inboxes. Raises
    DatabaseError.
    """
    rows = Notification.objects.using(write_database.alias())
    _, counts = rows.filter(pk__in=ids).delete()
    return counts.get(Notification._meta.label, 0)
