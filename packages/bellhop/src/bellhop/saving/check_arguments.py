"""Checks what notify() is given: an argument that cannot be stored, sent or shown is refused by its name.

Whatever passes comes out of PostgreSQL, the channel layer (msgpack) and a frame (strict JSON) as it went in. Nothing
here asks the database, nothing is written before all arguments have passed, and nothing but ValueError comes out.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

import structlog
from django.contrib.auth import get_user_model
from django.utils import timezone

from bellhop import frame_from_row
from bellhop.conf import conf
from bellhop.contract import FRAME_BYTES, SEQ_MAX
from bellhop.kinds import registry, words
from bellhop.kinds.kind import NAME
from bellhop.models import Notification, user_key
from bellhop.saving.plain_values import plain_data, plain_text, short, type_name

_KEY_MAX_LENGTH: Final = 200
_REQUEST_ID_MAX_LENGTH: Final = 200
# No control characters; "//host" and "/\\host" would leave the site.
_URL: Final = re.compile(r"(https?://[^/\s\x00-\x1f]|/(?![/\\]))[^\x00-\x1f]*")


def columns(
    message: object,
    *,
    kind: object,
    body: object,
    url: object,
    data: object,
    key: object,
    thread: object = "",
    expires: object = None,
) -> dict[str, Any]:
    """Return the columns of the notification's rows, but for the recipient's own: all of them plain Python values.

    Lazy text becomes text here, in the language that is active now. ValueError names the argument and what is wrong.
    """
    texts = {
        name: plain_text(name, value)
        for name, value in (
            ("message", message), ("kind", kind), ("body", body), ("url", url), ("thread", thread),
        )
    }  # fmt: skip
    _check_kind(texts["kind"])
    if texts["url"] and not _URL.fullmatch(texts["url"]):
        raise ValueError(f"url {short(texts['url'])}: a path of this site or an http(s) address")
    if texts["message"] and not frame_from_row.one_line(texts["message"]):
        if not frame_from_row.has_words(texts["kind"]):
            raise ValueError("message: nothing of it can be seen")
        texts["message"] = ""
    found: dict[str, Any] = {
        **texts,
        "data": plain_data(data),
        "request_id": _request_id(),
        "expires_at": _expiry(expires),
    }
    found["thread"] = _thread(texts["thread"]) or words.thread(found["kind"], found["data"])
    # With the longest seq and all that may be decided later, so that the same text fits for everybody, and always.
    row = Notification(seq=SEQ_MAX, desktop=True, **found)
    size = frame_from_row.size_of(row)
    if size > FRAME_BYTES:
        # What a kind's words make of it is not the caller's, and is cut where there is too much.
        row.message, row.body = row.message or "-", row.body or "-"
        size = frame_from_row.size_of(row)
    if size > FRAME_BYTES:
        raise ValueError(
            f"message, body, url and data take {size:,} bytes as a frame; at most {FRAME_BYTES:,}"
        )
    return {**found, "key": plain_key(key)}


def users(recipients: object) -> dict[Any, Any]:
    """Return saved users by their ids, each once, ascending. ValueError for anything that is not a saved user.

    Where nobody asks for their languages, None stands for each: of a hundred thousand only the ids are kept.
    """
    try:
        given: Iterator[object] = iter(recipients)  # type: ignore[call-overload]
    except TypeError:
        raise ValueError(f"recipients: an iterable of users, not {type_name(recipients)}") from None
    keep = conf.LANGUAGE is not None
    found = {user_id(user): user if keep else None for user in given}
    return dict(sorted(found.items(), key=itemgetter(0)))


def user_id(user: object) -> Any:
    """Return the primary key of a saved user. ValueError for anything else."""
    # Passed also by an object that only stands for a user, as `request.user` does.
    if not isinstance(user, get_user_model()):
        raise ValueError(f"recipient: a user, not {type_name(user)}")
    identity = user_key.to_key(user.pk)
    if identity is None or identity == "":
        raise ValueError("recipient: a user that has been saved")
    if isinstance(identity, int) and not 0 < identity <= SEQ_MAX:
        raise ValueError(f"recipient: nobody can have the id {short(identity)}")
    return plain_text("recipient", identity) if isinstance(identity, str) else identity


def chunk_size(value: object) -> int:
    """Return how many recipients are locked at a time. ValueError for anything but a whole number from 1."""
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"chunk: a whole number from 1, not {short(value)}")
    return value


def _check_kind(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(
            f"kind {short(name)}: lower-case letters, digits, '_', '.', '-', at most 50"
        )
    if conf.UNDECLARED_KINDS == "error" and not registry.is_declared(registry.find(name)):
        raise ValueError(f"kind {short(name)}: no bellhop_kinds.py declares it")


def _thread(text: str) -> str:
    line = frame_from_row.one_line(text)
    if len(line) > words.THREAD_LENGTH:
        raise ValueError(f"thread: at most {words.THREAD_LENGTH} characters")
    return line


def _expiry(expires: object) -> datetime | None:
    """Return the moment as the project has its times: a datetime, or a timedelta from now."""
    if expires is None:
        return None
    now = timezone.now()
    try:
        moment = now + expires if isinstance(expires, timedelta) else expires
        if not isinstance(moment, datetime):
            raise ValueError(f"expires: a datetime or a timedelta, not {type_name(expires)}")
        if timezone.is_naive(moment) != timezone.is_naive(now):
            raise ValueError("expires: a datetime with a time zone, as timezone.now() has it here")
        # Whatever is earlier or later than all zones can say cannot be stored.
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("expires: further away than dates go") from None
    if moment <= now:
        raise ValueError("expires: lies in the past")
    return moment


def plain_key(key: object) -> str | None:
    """Return the key as a str of its own, or None. ValueError for anything but a str of 1 to 200 characters."""
    if key is None:
        return None
    # Not made text of here: whoever wrote 7 in one place and "7" in another would have two notifications or one,
    # depending on a rule that nobody remembers. A lazy text is another one in another language.
    if not issubclass(type(key), str):
        raise ValueError(
            f"key: a str, not {type_name(key)}; write str(…) where that is what you mean"
        )
    text = plain_text("key", key)
    if not 1 <= len(text) <= _KEY_MAX_LENGTH:
        raise ValueError(f"key: 1 to {_KEY_MAX_LENGTH} characters")
    return text


def _request_id() -> str:
    """Return the id of the request under way, or "" where it is not text: a project's own may be anything."""
    value = structlog.contextvars.get_contextvars().get("request_id", "")
    try:
        return plain_text("request_id", value)[:_REQUEST_ID_MAX_LENGTH]
    except ValueError:
        return ""
