"""notify() and notify_many(): the one gate through which notifications come to be.

Any code of a project may call them: in a request, a task or a shell, inside or outside a transaction. They block for
the database, never for Redis; in an event loop there is anotify(). Tested in tests/rows/saving: the arguments, many
callers at once, brokers that refuse or hang, and rows that were saved past this gate.

They check the arguments (saving.check_arguments) and save the rows (saving.save_rows): outside a transaction under
their recipients' next seqs, inside one without a number, which they get after the commit (saving.number). Then they
ring (saving.tell).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import batched
from operator import attrgetter
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.utils.functional import Promise

from bellhop.logs import get_logger
from bellhop.models import Notification, write_database
from bellhop.saving import check_arguments
from bellhop.saving.after_commit import number_after_commit, number_and_tell
from bellhop.saving.number import number
from bellhop.saving.save_rows import save_unnumbered, save_with_next_seq
from bellhop.saving.savepoint import shielded
from bellhop.saving.tell import tell

log = get_logger(__name__)

Text = str | Promise
"""A str, or what gettext_lazy() and reverse_lazy() return."""

CHUNK: Final = 200
"""Recipients that are locked at a time: a broadcast holds up nobody's own notification for longer than that takes, and
the first are rung while the next are saved."""


def notify(
    recipient: AbstractBaseUser,
    message: Text = "",
    *,
    kind: Text = "message",
    body: Text = "",
    url: Text = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Notification:
    """Save a notification to one recipient and ring once it is committed; return the saved row.

    Works inside and outside a transaction; nothing rings before the commit, and a dead Redis costs speed,
    never the row. With `key`, a repeat to the same recipient returns the first notification unchanged.

    Inside a transaction it holds nobody's inbox: nobody waits for the caller's commit, and recipients may be notified
    in any order. The row's `seq` is None until that commit, and set in the returned object right after it.

    `message` is shown as one line; `url` is a path of this site or an http(s) address; `data` is a mapping of what
    JSON can hold. Lazy text becomes text here, in the language that is active now; a `key` is a str and nothing else.

    Raises ValueError, before anything is written, for arguments that cannot be stored, sent or shown, that take more
    than contract.FRAME_BYTES together, and for a recipient who is not a saved user or has been deleted;
    django.db.Error where the database does not take it. A caller's transaction goes on after either.

    One query outside a transaction, with a `key` two or three. There it waits for another transaction that holds the
    recipient's inbox (a deletion): django.db.OperationalError after the connection's lock_timeout. With a `key` that
    somebody saves in a transaction just now, it waits for that one's end.
    """
    found = _save_in_chunks(
        [check_arguments.user_id(recipient)],
        check_arguments.columns(message, kind=kind, body=body, url=url, data=data, key=key),
        chunk=1,
    )
    if not found:
        raise ValueError(f"recipient: there is no user {recipient.pk}; deleted meanwhile?")
    return found[0]


async def anotify(
    recipient: AbstractBaseUser,
    message: Text = "",
    *,
    kind: Text = "message",
    body: Text = "",
    url: Text = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Notification:
    """Do notify() on a thread, for callers in an event loop."""
    saved: Notification = await sync_to_async(notify)(
        recipient, message, kind=kind, body=body, url=url, data=data, key=key
    )
    return saved


def notify_many(
    recipients: Iterable[AbstractBaseUser],
    message: Text = "",
    *,
    kind: Text = "message",
    body: Text = "",
    url: Text = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    chunk: int = CHUNK,
) -> list[Notification]:
    """Save the same notification to each recipient, and ring; return the saved rows in ascending recipient id.

    As `notify()` for each of them, with the same errors, and with a constant number of queries for each `chunk` of
    recipients. A user who has been deleted meanwhile gets none, and the others theirs. Each chunk is committed by
    itself, unless the caller has a transaction open: what breaks off in between is finished by a repeat with the same
    `key`.
    """
    return _save_in_chunks(
        check_arguments.user_ids(recipients),
        check_arguments.columns(message, kind=kind, body=body, url=url, data=data, key=key),
        chunk=check_arguments.chunk_size(chunk),
    )


def _save_in_chunks(
    user_ids: Sequence[Any], columns: dict[str, Any], *, chunk: int
) -> list[Notification]:
    rows: list[Notification] = []
    # batched() takes memory for a whole batch at once, however few are in it.
    for some in batched(user_ids, min(chunk, len(user_ids) or 1)):
        if write_database.connection().in_atomic_block:
            found = _save_inside(some, columns)
        else:
            found = _save_outside(some, columns)
        found.sort(key=attrgetter("recipient_id"))
        if len(found) < len(some):
            gone = sorted(set(some) - {row.recipient_id for row in found})
            log.info("recipients_deleted", users=gone, kind=columns["kind"])
        rows += found
    return rows


def _save_inside(user_ids: Sequence[Any], columns: dict[str, Any]) -> list[Notification]:
    """Save in the caller's transaction, without a number, and have it numbered and rung after the commit.

    Two savepoint queries and one, with a `key` that somebody had one more.
    """
    with shielded():
        saved = save_unnumbered(user_ids, **columns)
        known = _known(user_ids, columns, saved.rows)
    if saved.rows:
        number_after_commit(saved.rows, saved.transaction_id)
    return [*saved.rows, *known]


def _save_outside(user_ids: Sequence[Any], columns: dict[str, Any]) -> list[Notification]:
    """Save, number and ring at once, in one statement; where that passes somebody over, in two more."""
    rows: list[Notification] = []
    if columns["key"] is None:
        # Somebody is deleted, or saves a row past notify(), just now: the other way sorts it out.
        with suppress(IntegrityError):
            rows = save_with_next_seq(user_ids, **columns)
        if rows:
            tell(rows)
    had = {row.recipient_id for row in rows}
    left = [user_id for user_id in user_ids if user_id not in had]
    if not left:
        return rows
    saved = save_unnumbered(left, **columns).rows
    known = _known(left, columns, saved)
    if saved:
        number_and_tell(saved)
    # Whoever saved it is about to number and ring it, or has died; then it is the beat that rings.
    if unnumbered := [row for row in known if row.seq is None]:
        numbers = number([row.pk for row in unnumbered])
        for row in unnumbered:
            row.seq = numbers.get(row.pk)
    return [*rows, *saved, *known]


def _known(
    user_ids: Sequence[Any], columns: dict[str, Any], saved: Sequence[Notification]
) -> list[Notification]:
    """Return the rows of those who had one with that key, in one query where there can be any."""
    if columns["key"] is None or len(saved) == len(user_ids):
        return []
    had = {row.recipient_id for row in saved}
    rows = Notification.objects.using(write_database.alias()).filter(key=columns["key"])
    return list(rows.filter(recipient__in=[each for each in user_ids if each not in had]))
