"""withdraw() and update(): a notification that is out already goes, or says something else, wherever it is shown.

Lists, counts and toasts of open pages follow within a second, without Redis by the next beat, and on devices that were
offline when they are back.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES, SEQ_MAX
from bellhop.models import Inbox, Notification, NotificationQuerySet, write_database
from bellhop.saving import after_commit, check_arguments
from bellhop.saving.number import number
from bellhop.saving.plain_values import short, type_name

Text = str | Promise
"""A str, or what gettext_lazy() and reverse_lazy() return."""


class Unset(Enum):
    """In the place of an argument: it was not given, and what it is about stays as it is."""

    UNSET = auto()


UNSET: Final = Unset.UNSET

BATCH: Final = 500
"""Rows of one transaction, where the caller has none open."""

ATTEMPTS: Final = 3
"""Times that a batch is tried, where people are deleted in the same moment."""


def withdraw(
    notification: Notification | UUID | str | None = None,
    *,
    key: str | None = None,
    recipient: AbstractBaseUser | None = None,
) -> int:
    """Take a notification back, or all with a `key`; return how many there were.

    It is deleted: gone from lists, counts and toasts, read or not, and its `key` may be used again. A summary that told
    of it tells of one less, and goes with the last. With `recipient` it is withdrawn only if it is theirs. What is not
    there, somebody else's, and what the inbox refused: 0.

    Raises ValueError unless exactly one of `notification` (itself, or its id) and `key` is given; django.db.Error
    where the database does not take it.

    A dozen queries for each BATCH rows, each batch in a transaction of its own, in which it holds their recipients'
    inboxes. In a transaction of the caller's it holds them until that ends, and all of it is undone with that; pages
    are told after the commit.
    """
    rows = _chosen(notification, key, recipient)
    return sum(_in_batches(rows, _delete))


def update(
    notification: Notification | UUID | str | None = None,
    *,
    key: str | None = None,
    recipient: AbstractBaseUser | None = None,
    message: Text | Unset = UNSET,
    body: Text | Unset = UNSET,
    url: Text | Unset = UNSET,
    data: Mapping[str, Any] | Unset | None = UNSET,
    expires: datetime | timedelta | Unset | None = UNSET,
) -> int:
    """Let a notification, or all with a `key`, say something else; return how many there were.

    What is not given stays. ``message=""`` has the kind's own words speak, ``expires=None`` keeps it for good; the rest
    as in notify(). It keeps its place and is read or unread as before: no new toast, but one that stands says the new
    words. Where it says all that already, nothing is told. With `recipient` only theirs is changed. What is not there,
    somebody else's, and what the inbox refused: 0. The object that is given is not changed: read it anew.

    Raises ValueError unless exactly one of `notification` (itself, or its id) and `key` is given, where nothing is
    given to change, for values that notify() refuses, and where a notification would take more than
    contract.FRAME_BYTES; django.db.Error where the database does not take it.

    Queries, batches and transactions as with withdraw().
    """
    rows = _chosen(notification, key, recipient)
    changed = _columns(message=message, body=body, url=url, data=data, expires=expires)
    return sum(_in_batches(rows, lambda those: _change(those, changed)))


def withdrawing(rows: NotificationQuerySet) -> Iterator[int]:
    """Take back the rows of a query, as withdraw() does, and yield after each BATCH how many that were.

    Who stops in between has taken back those, and a repeat goes on.
    """
    return _in_batches(rows.using(write_database.alias()), _delete)


async def awithdraw(
    notification: Notification | UUID | str | None = None,
    *,
    key: str | None = None,
    recipient: AbstractBaseUser | None = None,
) -> int:
    """Do withdraw() on a thread, for callers in an event loop."""
    done: int = await sync_to_async(withdraw)(notification, key=key, recipient=recipient)
    return done


async def aupdate(
    notification: Notification | UUID | str | None = None,
    *,
    key: str | None = None,
    recipient: AbstractBaseUser | None = None,
    message: Text | Unset = UNSET,
    body: Text | Unset = UNSET,
    url: Text | Unset = UNSET,
    data: Mapping[str, Any] | Unset | None = UNSET,
    expires: datetime | timedelta | Unset | None = UNSET,
) -> int:
    """Do update() on a thread, for callers in an event loop."""
    done: int = await sync_to_async(update)(
        notification,
        key=key,
        recipient=recipient,
        message=message,
        body=body,
        url=url,
        data=data,
        expires=expires,
    )
    return done


def _chosen(notification: object, key: object, recipient: object) -> NotificationQuerySet:
    """Return the rows that are meant. No query. ValueError for arguments that mean none, or too many."""
    if (notification is None) == (key is None):
        raise ValueError("exactly one of notification and key")
    rows = Notification.objects.using(write_database.alias())
    if key is not None:
        rows = rows.filter(key=check_arguments.plain_key(key))
    else:
        rows = rows.filter(pk=_identity(notification))
    if recipient is not None:
        rows = rows.filter(recipient=check_arguments.user_id(recipient))
    return rows


def _identity(notification: object) -> UUID:
    if isinstance(notification, Notification):
        return notification.pk
    if isinstance(notification, UUID):
        return notification
    if not isinstance(notification, str):
        raise ValueError(f"notification: itself or its id, not {type_name(notification)}")
    try:
        return UUID(notification)
    except ValueError:
        raise ValueError(f"notification: {short(notification)} is no id") from None


def _in_batches(
    rows: NotificationQuerySet, do: Callable[[NotificationQuerySet], int]
) -> Iterator[int]:
    """Do something to the rows, BATCH at a time in ascending id, each in a transaction; yield what it returns.

    In a transaction of the caller's in that one, with a savepoint: an error leaves it usable.
    """
    rows = rows.order_by("pk")
    stored = Notification.objects.using(write_database.alias())
    more, ids = rows, list(rows.values_list("pk", flat=True)[:BATCH])
    while ids:
        yield _attempt(stored.filter(pk__in=ids), do)
        if len(ids) < BATCH:
            return
        more = rows.filter(pk__gt=ids[-1])
        ids = list(more.values_list("pk", flat=True)[:BATCH])


def _attempt(rows: NotificationQuerySet, do: Callable[[NotificationQuerySet], int]) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with write_database.atomic():
                return do(rows)
        except IntegrityError:
            # Their rows go with them.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _delete(rows: NotificationQuerySet) -> int:
    return rows.delete()[1].get(Notification._meta.label, 0)


def _columns(**given: Any) -> dict[str, Any]:
    """Return the columns that shall change, as they are stored. ValueError names the argument."""
    chosen = {name: value for name, value in given.items() if value is not UNSET}
    if not chosen:
        raise ValueError("name what shall change: message, body, url, data or expires")
    checked = check_arguments.columns(
        chosen.get("message", ""),
        # One without words of its own: blanks alone are refused.
        kind="message",
        body=chosen.get("body", ""),
        url=chosen.get("url", ""),
        data=chosen.get("data"),
        expires=chosen.get("expires"),
        key=None,
    )
    columns = ("expires_at" if name == "expires" else name for name in chosen)
    return {name: checked[name] for name in columns}


def _change(rows: NotificationQuerySet, changed: Mapping[str, Any]) -> int:
    """Change the rows, as a change of their recipients' inboxes; return how many are there."""
    Inbox.lock_all(set(rows.order_by().values_list("recipient_id", flat=True)))
    found = list(rows)
    due = [row for row in found if not _says(row, changed)]
    for row in due:
        _check_size(row, changed)
    if not due:
        return len(found)
    waiting = [row.pk for row in due if row.seq is None]
    if waiting:
        # A ring with the old words may be on its way: it is told from the new by its number (sockets.consumer).
        number(waiting)
        after_commit.read_anew(waiting)
    revs = Inbox.raise_revs(sorted({row.recipient_id for row in due}))
    inboxes = Inbox._default_manager.using(write_database.alias()).filter(pk=OuterRef("recipient"))
    rev = Subquery(inboxes.values("rev"))
    rows.filter(pk__in=[row.pk for row in due], recipient__in=list(revs)).update(
        **changed, rev=rev, updated_rev=rev
    )
    return len(found)


def _says(row: Notification, changed: Mapping[str, Any]) -> bool:
    # As text: to Python, 1 and true are the same.
    return all(repr(getattr(row, name)) == repr(value) for name, value in changed.items())


def _check_size(row: Notification, changed: Mapping[str, Any]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    # As notify() counts: with the longest seq, and what a kind's words make of it is cut.
    kept = row.seq, row.message, row.body
    row.seq, row.message, row.body = SEQ_MAX, row.message or "-", row.body or "-"
    size = frame_from_row.size_of(row)
    row.seq, row.message, row.body = kept
    if size > FRAME_BYTES:
        raise ValueError(
            f"notification {row.pk} would take {size:,} bytes as a frame; at most {FRAME_BYTES:,}"
        )
