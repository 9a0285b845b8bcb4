"""notify() and notify_many(): the one gate through which notifications come to be.

Any code of a project may call them: in a request, a task or a shell, inside or outside a transaction. They block for
the database, never for Redis; in an event loop there is anotify(). Tested in tests/rows/saving: the arguments, many
callers at once, brokers that refuse or hang, and rows that were saved past this gate.

They check the arguments (saving.check_arguments), ask what the recipients have chosen (preferences.decide) and save the
rows (saving.save_rows): outside a transaction under their recipients' next seqs, inside one without a number, which
they get after the commit (saving.number). Then they ring (saving.tell).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise

from bellhop.models import Notification
from bellhop.saving import check_arguments
from bellhop.saving.save_in_chunks import save_in_chunks

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
    thread: Text = "",
    expires: datetime | timedelta | None = None,
) -> Notification:
    """Save a notification to one recipient and ring once it is committed; return the saved row.

    What the recipient's inbox refuses, since they have muted its kind, is counted and not saved: the notification that
    is returned then is in no database, has no `seq`, and its `is_refused` is True. Likewise it is decided here whether
    open pages show a toast, or only list it.

    Works inside and outside a transaction; nothing rings before the commit, and a dead Redis costs speed,
    never the row. With `key`, a repeat to the same recipient returns the first notification unchanged.

    Inside a transaction it holds nobody's inbox: nobody waits for the caller's commit, and recipients may be notified
    in any order. The row's `seq` is None until that commit, and set in the returned object right after it.

    `message` is shown as one line; `url` is a path of this site or an http(s) address; `data` is a mapping of what
    JSON can hold; `thread` names what belongs together; at `expires`, a moment or so much from now, it is withdrawn.
    Lazy text becomes text here, in the language that is active now; a `key` is a str and nothing else.

    Raises ValueError, before anything is written, for arguments that cannot be stored, sent or shown, that take more
    than contract.FRAME_BYTES together, and for a recipient who is not a saved user or has been deleted;
    django.db.Error where the database does not take it. A caller's transaction goes on after either.

    Two queries outside a transaction, with a `key` three or four. There it waits for another transaction that holds the
    recipient's inbox (a deletion): django.db.OperationalError after the connection's lock_timeout. With a `key` that
    somebody saves in a transaction just now, it waits for that one's end.
    """
    user_id = check_arguments.user_id(recipient)
    columns = check_arguments.columns(
        message, kind=kind, body=body, url=url, data=data, key=key, thread=thread, expires=expires
    )
    outcome = save_in_chunks({user_id: recipient}, columns, chunk=1)
    if outcome.rows:
        return outcome.rows[0]
    if not outcome.refused:
        raise ValueError(f"recipient: there is no user {recipient.pk}; deleted meanwhile?")
    refused = Notification(recipient_id=user_id, **columns)
    refused.is_refused = True
    return refused


async def anotify(
    recipient: AbstractBaseUser,
    message: Text = "",
    *,
    kind: Text = "message",
    body: Text = "",
    url: Text = "",
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    thread: Text = "",
    expires: datetime | timedelta | None = None,
) -> Notification:
    """Do notify() on a thread, for callers in an event loop."""
    saved: Notification = await sync_to_async(notify)(
        recipient,
        message,
        kind=kind,
        body=body,
        url=url,
        data=data,
        key=key,
        thread=thread,
        expires=expires,
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
    thread: Text = "",
    expires: datetime | timedelta | None = None,
    chunk: int = CHUNK,
) -> list[Notification]:
    """Save the same notification to each recipient, and ring; return the saved rows in ascending recipient id.

    As `notify()` for each of them, with the same errors, and with a constant number of queries for each `chunk` of
    recipients. A user who has been deleted meanwhile gets none, and the others theirs; what an inbox refuses is
    counted, and not among the rows. Each chunk is committed by itself, unless the caller has a transaction open: what
    breaks off in between is finished by a repeat with the same `key`.
    """
    people = check_arguments.users(recipients)
    columns = check_arguments.columns(
        message, kind=kind, body=body, url=url, data=data, key=key, thread=thread, expires=expires
    )
    return save_in_chunks(people, columns, chunk=check_arguments.chunk_size(chunk)).rows
