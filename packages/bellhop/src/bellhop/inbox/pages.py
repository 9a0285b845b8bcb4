"""Pages of a user's notifications, for the inbox page and for the API."""

from dataclasses import dataclass
from typing import Any

from bellhop.contract import REPLAY_LIMIT
from bellhop.models import Notification, write_database

PAGE_SIZE = 50
PAGE_LIMIT = REPLAY_LIMIT


@dataclass(frozen=True)
class Page:
    """Some rows in the order that was asked for, and whether there are more beyond the last."""

    rows: list[Notification]
    more: bool


def page(
    user_id: Any,
    *,
    after: int | None = None,
    before: int | None = None,
    unread: bool = False,
    archived: bool = False,
    limit: int = PAGE_SIZE,
) -> Page:
    """Return at most `limit` of the user's notifications: ascending with `after`, else newest first. One query.

    `after` and `before` are seqs and exclusive. `archived` returns those that were archived instead of the others.
    """
    stored = Notification.objects.using(write_database.alias()).filter(recipient=user_id)
    # What waits for its number has no place in the list yet.
    rows = stored.filter(seq__isnull=False, archived_at__isnull=not archived)
    if unread:
        rows = rows.filter(read_at=None)
    if after is not None:
        rows = rows.filter(seq__gt=after)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq" if after is None else "seq")[: limit + 1])
    return Page(found[:limit], len(found) > limit)
