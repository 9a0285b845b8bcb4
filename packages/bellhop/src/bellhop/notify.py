"""notify() and notify_many(): the one gate through which notifications come to be."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import batched
from operator import attrgetter
from typing import Any, Final

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from bellhop import contract, doorbell
from bellhop.models import Inbox, Notification

log = structlog.get_logger(__name__)

CHUNK: Final = 200
"""Recipients that are locked at a time: a broadcast holds up nobody's own notification for longer than that takes, and
the first are rung while the next are saved."""

_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,49}")
_KEY_MAX_LENGTH = 200
# No control characters; "//host" and "/\\host" would leave the site.
_URL = re.compile(r"(https?://[^/\s\x00-\x1f]|/(?![/\\]))[^\x00-\x1f]*")


def notify(
    recipient: AbstractBaseUser,
    message: str = "",
    *,
    kind: str = "message",
    body: str = "",
    url: str = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Notification:
    """Save a notification to one recipient and ring once it is committed; return the saved row.

    Works inside and outside a transaction; nothing rings before the commit, and a dead Redis costs speed,
    never the row. With `key`, a repeat to the same recipient returns the first notification unchanged.
    In one transaction, notify several recipients in ascending id: each call locks the recipient's inbox.

    `url` is a path of this site or an http(s) address; `data` is a mapping of what JSON can hold.
    Raises ValueError for arguments that cannot be stored or shown.
    """
    (row,) = notify_many(
        [recipient], message, kind=kind, body=body, url=url, data=data, key=key, chunk=1
    )
    return row


def notify_many(
    recipients: Iterable[AbstractBaseUser],
    message: str = "",
    *,
    kind: str = "message",
    body: str = "",
    url: str = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    chunk: int = CHUNK,
) -> list[Notification]:
    """Save the same notification to each recipient, and ring; return the saved rows in ascending recipient id.

    As `notify()` for each of them, in a constant number of statements for each `chunk` of recipients. Each chunk is
    a transaction of its own, unless the caller has one open: what breaks off in between is finished by a repeat
    with the same `key`.
    """
    facts = _checked(kind, (message, body, url, key or ""), url, key, data)
    columns = {"kind": kind, "message": message, "body": body, "url": url, "data": facts}
    columns["request_id"] = structlog.contextvars.get_contextvars().get("request_id", "")
    rows: list[Notification] = []
    for user_ids in batched(sorted({user.pk for user in recipients}), chunk):
        with _transaction(needed=key is not None):
            saved, known = _save(user_ids, key, columns)
            if saved:
                transaction.on_commit(partial(_ring, saved), robust=True)
        rows += sorted([*saved, *known], key=attrgetter("recipient_id"))
    return rows


def _save(
    user_ids: Sequence[int], key: str | None, columns: dict[str, Any]
) -> tuple[list[Notification], list[Notification]]:
    """Save a row to each of them; return those, and the first ones of who had one with that key."""
    known = []
    if key is not None:
        # The lock first: a repeat that commits just now is seen.
        Inbox.lock_all(user_ids)
        known = list(Notification.objects.filter(recipient__in=user_ids, key=key))
        had = {row.recipient_id for row in known}
        user_ids = [user_id for user_id in user_ids if user_id not in had]
    if not user_ids:
        return [], known
    return Notification.objects.save_to(user_ids, key=key, **columns), known


def _transaction(*, needed: bool) -> AbstractContextManager[None]:
    """Return a transaction, or the caller's; where one statement does all, none is begun for it."""
    if needed or connection.in_atomic_block:
        # No savepoint, as in Django's own save(): who wants to go on after an error has a block of one's own.
        return transaction.atomic(savepoint=False)
    return nullcontext()


def _ring(rows: list[Notification]) -> None:
    if len(rows) > 1:
        for some in batched(rows, doorbell.TOGETHER):
            doorbell.ring(contract.RING_MANY, [str(row.pk) for row in some])
        # After the rings: they need not wait for it. One line for all, in which each id can be found.
        for some in batched(rows, doorbell.TOGETHER):
            ids = " ".join(str(row.pk) for row in some)
            log.info("notifications_saved", kind=some[0].kind, count=len(some), ids=ids)
        return
    (row,) = rows
    log.info(
        "notification_saved", id=str(row.pk), user=row.recipient_id, seq=row.seq, kind=row.kind
    )
    task = contract.SEND_LOGIN_NOTIFICATION if row.kind == "login" else contract.RING
    doorbell.ring(task, str(row.pk))


def _checked(
    kind: str, texts: tuple[str, ...], url: str, key: str | None, data: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return `data` as a dict; ValueError for whatever PostgreSQL or a browser would choke on."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"kind {kind!r}: lower-case letters, digits, '_', '.', '-', at most 50")
    if url and not _URL.fullmatch(url):
        raise ValueError(f"url {url!r}: a path of this site or an http(s) address")
    if key is not None and not 1 <= len(key) <= _KEY_MAX_LENGTH:
        raise ValueError(f"key: 1 to {_KEY_MAX_LENGTH} characters")
    try:
        facts = dict(data or {})
        # Every text at once, as PostgreSQL gets it: no NUL, no half of a surrogate pair.
        written = json.dumps([*map(_text, texts), facts], allow_nan=False, ensure_ascii=False)
        written.encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"message, body and data must be text and JSON: {error}") from None
    # Without the doubled backslashes: a text may spell the six characters of the escape itself.
    if "\\u0000" in written.replace("\\\\", ""):
        raise ValueError("message, body and data must not contain NUL")
    return facts


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
