"""Read, un-read, archive, take out of the archive: what a person does to their own notifications."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from bellhop.inbox import search, views
from bellhop.inbox.searching.chunks import make_ready
from bellhop.inbox.standing import standing
from bellhop.inbox.views import Filters
from bellhop.models import Inbox, Notification, NotificationQuerySet, write_database

ACTIONS: Final = ("read", "unread", "archive", "unarchive")


class Marked(NamedTuple):
    """Where a person stands after a change, `rev` being that of this very change if `changed` is not 0."""

    seq: int
    rev: int
    unread: int
    seen: int
    changed: int


def mark(
    user_id: Any,
    action: str,
    *,
    ids: Collection[UUID] = (),
    through: int | None = None,
    filters: Filters | None = None,
    rev: int | None = None,
) -> int:
    """Mark the user's own notifications; return how many changed.

    Which: those with these ids; or all up to the seq `through` (inclusive), with `filters` only what those hold; or,
    with `rev`, those whose last change was that one: so a change is undone, but for what was changed again since.
    Ids of others or of nobody are ignored. A change raises the inbox's rev by one, notes it in each changed row, and is
    told to the user's sockets after the commit.

    ValueError for an action that is not one of ACTIONS. A transaction of its own with three queries, two where nothing
    changed, and those of a search; it waits for another transaction that holds the user's inbox (DatabaseError after
    the lock_timeout).
    """
    if action not in ACTIONS:
        raise ValueError(f"action {action!r}: one of {', '.join(ACTIONS)}")
    with write_database.atomic():
        new = Inbox.locked(user_id).rev + 1
        if rev is not None:
            rows = _stored(user_id).filter(rev=rev) if rev > 0 else _stored(user_id).none()
        elif through is None:
            rows = _stored(user_id).filter(pk__in=ids)
        elif filters is None:
            rows = _stored(user_id).filter(seq__lte=through)
        else:
            rows = views.rows(user_id, filters).filter(seq__lte=through)
            if filters.q:
                found = search.seqs(user_id, rows, filters.q, before=through + 1)
                rows = rows.filter(seq__in=found)
        changed = _change(rows, action, new)
        if changed:
            Inbox.raise_revs([user_id])
    return changed


def marked(user_id: Any, action: str, **which: Any) -> Marked:
    """Do mark(), and look where the user stands then, in the same transaction. One query more."""
    filters = which.get("filters")
    if filters is not None and filters.q:
        # It may take a while, and the inbox would be locked for all of it.
        make_ready(user_id)
    with write_database.atomic():
        changed = mark(user_id, action, **which)
        return Marked(*standing(user_id), changed)


def _stored(user_id: Any) -> NotificationQuerySet:
    stored = Notification.objects.using(write_database.alias())
    return stored.filter(recipient=user_id, seq__isnull=False)


def _change(rows: NotificationQuerySet, action: str, rev: int) -> int:
    now = timezone.now()
    match action:
        case "read":
            return rows.filter(read_at=None).update(read_at=now, rev=rev)
        case "unread":
            return rows.filter(~Q(read_at=None)).update(read_at=None, rev=rev)
        case "archive":
            return rows.filter(archived_at=None).update(archived_at=now, rev=rev)
        case _:
            archived = rows.filter(~Q(archived_at=None))
            return archived.update(archived_at=None, rev=rev, unarchived_rev=rev)
