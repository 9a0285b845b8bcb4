"""Read, un-read, archive: what a person does to their own notifications."""

from collections.abc import Collection
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bellhop import contract
from bellhop.models import Inbox, Notification
from bellhop.ring import publish_thread

ACTIONS: Final = ("read", "unread", "archive")


def mark(
    user_id: int, action: str, *, ids: Collection[UUID] = (), through: int | None = None
) -> int:
    """Mark the user's own notifications, by id or all up to a seq; return how many changed.

    Ids of others or of nobody are ignored. A change raises the inbox's rev and tells the user's sockets after
    the commit.
    """
    chosen = Q(pk__in=ids) if through is None else Q(seq__lte=through)
    now = timezone.now()
    with transaction.atomic():
        inbox = Inbox.locked(user_id)
        rows = Notification.objects.filter(chosen, recipient=user_id)
        rev = inbox.rev + 1
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
            inbox.rev = rev
            inbox.save(update_fields=["rev"])
            ring = partial(publish_thread.ring, contract.RING_CHANGES, user_id)
            transaction.on_commit(ring, robust=True)
    return changed
