"""notify() and notify_many(): the one gate through which notifications come to be.

Any code of a project may call them: in a request, a task or a shell, inside or outside a transaction. They block for
the database, never for Redis; in an event loop call them by asgiref's sync_to_async. Tested in tests/rows/saving: the
arguments, many callers at once, brokers that refuse or hang, and rows that were saved past this gate.

They check the arguments (saving.check_arguments), save the rows under their recipients' next seqs
(saving.save_with_next_seq) and, after the commit, ring (ring.publish_thread).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import batched
from operator import attrgetter
from typing import Any, Final

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from bellhop.kinds import registry
from bellhop.models import Inbox, Notification
from bellhop.ring import publish_thread
from bellhop.saving import check_arguments
from bellhop.saving.save_with_next_seq import save_with_next_seq
from bellhop.saving.savepoint import shielded

log = structlog.get_logger(__name__)

Text = str | Promise
"""A str, or what gettext_lazy() and reverse_lazy() return."""

CHUNK: Final = 200
"""Recipients that are locked at a time: a broadcast holds up nobody's own notification for longer than that takes, and
the first are rung while the next are saved."""

ATTEMPTS: Final = 3
"""Times the statement is tried: a row that was saved past notify(), or a user who was deleted, while it ran is seen by
the next one."""


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
    In one transaction, notify several recipients in ascending id: each call locks the recipient's inbox.

    `message` is shown as one line; `url` is a path of this site or an http(s) address; `data` is a mapping of what
    JSON can hold. Lazy text becomes text here, in the language that is active now; a `key` is a str and nothing else.

    Raises ValueError, before anything is written, for arguments that cannot be stored, sent or shown, that take more
    than contract.FRAME_BYTES together, and for a recipient who is not a saved user or has been deleted;
    django.db.Error where the database does not take it. A caller's transaction goes on after either.

    One query outside a transaction; with a `key` three, in a transaction of their own. It waits for another transaction
    that holds the recipient's inbox: django.db.OperationalError after the connection's lock_timeout.
    """
    found = _save_in_chunks(
        [check_arguments.user_id(recipient)],
        check_arguments.columns(message, kind=kind, body=body, url=url, data=data, key=key),
        chunk=1,
    )
    if not found:
        raise ValueError(f"recipient: there is no user {recipient.pk}; deleted meanwhile?")
    return found[0]


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
    recipients. A user who has been deleted meanwhile gets none, and the others theirs. Each chunk is a transaction of
    its own, unless the caller has one open: what breaks off in between is finished by a repeat with the same `key`.
    """
    return _save_in_chunks(
        check_arguments.user_ids(recipients),
        check_arguments.columns(message, kind=kind, body=body, url=url, data=data, key=key),
        chunk=check_arguments.chunk_size(chunk),
    )


def _save_in_chunks(
    user_ids: Sequence[int], columns: dict[str, Any], *, chunk: int
) -> list[Notification]:
    rows: list[Notification] = []
    # batched() takes memory for a whole batch at once, however few are in it.
    for some in batched(user_ids, min(chunk, len(user_ids) or 1)):
        saved, known = _save_at_last(some, columns)
        found = sorted([*saved, *known], key=attrgetter("recipient_id"))
        if len(found) < len(some):
            gone = sorted(set(some) - {row.recipient_id for row in found})
            log.info("recipients_deleted", users=gone, kind=columns["kind"])
        rows += found
    return rows


def _save_at_last(
    user_ids: Sequence[int], columns: dict[str, Any]
) -> tuple[list[Notification], list[Notification]]:
    """Do `_save`, at most ATTEMPTS times, and let what it saved be rung once that is committed.

    IntegrityError where the last attempt failed, too.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # From the second time on under the lock: what was in the way the first time is seen then.
            is_one_statement = columns["key"] is None and attempt == 1
            with shielded() if is_one_statement else transaction.atomic():
                saved, known = _save(user_ids, columns, attempt > 1)
                if saved:
                    transaction.on_commit(partial(_ring, saved), robust=True)
                return saved, known
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _save(
    user_ids: Sequence[int], columns: dict[str, Any], is_repeat: bool
) -> tuple[list[Notification], list[Notification]]:
    """Save a row to each of the users; return those rows, and the rows of users who had one with that key before.

    One query without a key, three with one. Needs a transaction where there is a key, or it is a repeat.
    """
    known = []
    if is_repeat or columns["key"] is not None:
        # The lock first: a repeat that commits just now is seen.
        Inbox.lock_all(user_ids)
    if is_repeat:
        Notification.objects.count_in_inboxes(user_ids)
    if columns["key"] is not None:
        known = list(Notification.objects.filter(recipient__in=user_ids, key=columns["key"]))
        had = {row.recipient_id for row in known}
        user_ids = [user_id for user_id in user_ids if user_id not in had]
    if not user_ids:
        return [], known
    return save_with_next_seq(user_ids, **columns), known


def _ring(rows: list[Notification]) -> None:
    if len(rows) > 1:
        publish_thread.ring_many([str(row.pk) for row in rows])
        # After the rings: they need not wait for it. One line for all, in which each id can be found.
        for some in batched(rows, publish_thread.TOGETHER):
            ids = " ".join(str(row.pk) for row in some)
            log.info("notifications_saved", kind=some[0].kind, count=len(some), ids=ids)
        return
    (row,) = rows
    log.info(
        "notification_saved", id=str(row.pk), user=row.recipient_id, seq=row.seq, kind=row.kind
    )
    publish_thread.ring(registry.find(row.kind).task, str(row.pk))
