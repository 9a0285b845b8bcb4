"""What of their notifications a person looks at: a view, and what it is narrowed to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bellhop.models import Notification, NotificationQuerySet, write_database


class View(StrEnum):
    """The three lists that a person has: what is not archived, what of that is unread, and the archive."""

    INBOX = "inbox"
    UNREAD = "unread"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Filters:
    """A view, narrowed to a kind, a thread, to what a search finds (bellhop.inbox.search), or to what is unread.

    The empty string narrows nothing.
    """

    view: View = View.INBOX
    kind: str = ""
    q: str = ""
    thread: str = ""
    unread: bool = False


def rows(user_id: Any, filters: Filters) -> NotificationQuerySet:
    """Return the user's notifications in that view, of that kind and thread, in no order, whatever is searched."""
    stored = Notification.objects.using(write_database.alias()).filter(recipient=user_id)
    # What waits for its number has no place in the list yet.
    found = stored.filter(
        seq__isnull=False, archived_at__isnull=filters.view is not View.ARCHIVED
    ).order_by()
    if filters.unread or filters.view is View.UNREAD:
        found = found.filter(read_at=None)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.thread:
        found = found.filter(thread=filters.thread)
    return found
