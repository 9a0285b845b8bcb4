"""notify(): the one gate through which a notification comes to be."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from bellhop import contract, doorbell
from bellhop.models import Inbox, Notification

log = structlog.get_logger(__name__)

_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,49}")
_KEY_MAX_LENGTH = 200
# No control characters; "//host" and "/\\host" would leave the site.
_URL = re.compile(r"(https?://[^/\s\x00-\x1f]|/(?![/\\]))[^\x00-\x1f]*")


def notify(
    recipient: AbstractBaseUser,
    kind: str = "message",
    message: str = "",
    *,
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
    facts = _checked(kind, (message, body, url, key or ""), url, key, data)
    with transaction.atomic():
        inbox = Inbox.locked(recipient.pk)
        if key is not None:
            first = Notification.objects.filter(recipient=recipient.pk, key=key).first()
            if first is not None:
                return first
        inbox.last_seq += 1
        row = Notification.objects.create(
            recipient_id=recipient.pk,
            seq=inbox.last_seq,
            key=key,
            kind=kind,
            message=message,
            body=body,
            url=url,
            data=facts,
            request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        )
        inbox.save(update_fields=["last_seq"])
        transaction.on_commit(partial(_ring, row), robust=True)
    return row


@contextmanager
def lock_wait(seconds: float) -> Iterator[None]:
    """In a transaction of its own, wait at most `seconds` for any lock, then raise OperationalError."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true)", [f"{round(seconds * 1000)}ms"]
            )
        yield


def _ring(row: Notification) -> None:
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
