"""What a person has seen: the bell is loud while there is something unread above it."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Least

from bellhop.inbox.marks import Marked
from bellhop.inbox.standing import standing
from bellhop.models import Inbox, write_database


def see(user_id: Any, through: int) -> Marked:
    """Note that the user has seen everything up to the seq `through`, or up to the latest; return where they stand, and
    whether that has changed (1 or 0).

    It never goes back: what was seen on one device was seen on all. A change raises the inbox's rev by one and is told
    to the user's sockets after the commit; nothing else changes. A transaction of its own with three queries, two where
    nothing changed; it waits for another transaction that holds the user's inbox (DatabaseError after the
    lock_timeout).
    """
    inboxes = Inbox._default_manager.using(write_database.alias())
    with write_database.atomic():
        latest = Least(F("last_seq"), through)
        changed = inboxes.filter(pk=user_id, seen_seq__lt=latest).update(seen_seq=latest)
        if changed:
            Inbox.raise_revs([user_id])
        return Marked(*standing(user_id), changed)
