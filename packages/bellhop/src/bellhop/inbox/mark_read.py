"""Read, un-read, archive: what a person does to their own notifications."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from bellhop.models import Inbox, Notification, write_database

ACTIONS: Final = ("read", "unread", "archive")


def mark(
    user_id: Any, action: str, *, ids: Collection[UUID] = (), through: int | None = None
) -> int:
    """Mark the user's own notifications, by id or all up to a seq (inclusive); return how many changed.

    Ids of others or of nobody are ignored. A change raises the inbox's rev by one, notes it in each changed row, and is
    told to the user's sockets after the commit.

    ValueError for an action that is not one of ACTIONS. A transaction of its own with three queries, two where nothing
    changed; it waits for another transaction that holds the user's inbox (DatabaseError after the lock_timeout).
    """
    chosen = Q(pk__in=ids) if through is None else Q(seq__lte=through)
    now = timezone.now()
    with write_database.atomic():
        rev = Inbox.locked(user_id).rev + 1
        stored = Notification.objects.using(write_database.alias())
        rows = stored.filter(chosen, recipient=user_id, seq__isnull=False)
        match action:
            case "read":
                changed = rows.filter(read_at=None).update(read_at=now, rev=rev)
            case "unread":
                changed = rows.exclude(read_at=None).update(read_at=None, rev=rev)
            case "archive":
                changed = rows.filter(archived_at=None).update(archived_at=now, rev=rev)
            case _:
                raise ValueError(f"action {action!r}: one of {', '.join(ACTIONS)}")
        if changed:
            Inbox.raise_revs([user_id])
    return changed
