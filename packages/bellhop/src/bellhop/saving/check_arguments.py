"""What notify() is given, made plain; whatever cannot be stored, sent or shown is refused by name.

Whatever passes here comes out of PostgreSQL, the channel layer (msgpack) and a frame (strict JSON) as it went in.
Nothing is written before all of it has passed, and nothing but ValueError comes out.
"""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import structlog
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from bellhop import frame_from_row
from bellhop.contract import DATA_DEPTH, FRAME_BYTES, INTEGER_MAX, INTEGER_MIN, SEQ_MAX
from bellhop.models import Notification

_KIND: Final = re.compile(r"[a-z][a-z0-9_.-]{0,49}")
_KEY_MAX_LENGTH: Final = 200
_REQUEST_ID_MAX_LENGTH: Final = 200
# No control characters; "//host" and "/\\host" would leave the site.
_URL: Final = re.compile(r"(https?://[^/\s\x00-\x1f]|/(?![/\\]))[^\x00-\x1f]*")
# From here on Python writes a float with an exponent, and PostgreSQL gives it back with all its digits.
_EXPONENT: Final = 1e16


def columns(
    message: object, *, kind: object, body: object, url: object, data: object, key: object
) -> dict[str, Any]:
    """Return the columns of the notification's rows, but for the recipient's own: all of them plain Python values.

    Lazy text becomes text here, in the language that is active now. ValueError names the argument and what is wrong.
    """
    texts = {
        name: _text(name, value)
        for name, value in (("message", message), ("kind", kind), ("body", body), ("url", url))
    }
    if not _KIND.fullmatch(texts["kind"]):
        raise ValueError(
            f"kind {_short(texts['kind'])}: lower-case letters, digits, '_', '.', '-', at most 50"
        )
    if texts["url"] and not _URL.fullmatch(texts["url"]):
        raise ValueError(f"url {_short(texts['url'])}: a path of this site or an http(s) address")
    if texts["message"] and not frame_from_row.one_line(texts["message"]):
        if not frame_from_row.has_words(texts["kind"]):
            raise ValueError("message: nothing of it can be seen")
        texts["message"] = ""
    found = {**texts, "data": _data(data), "request_id": _request_id()}
    # With the longest seq, so that the same text fits for everybody, and always.
    size = frame_from_row.size_of(Notification(seq=SEQ_MAX, **found))
    if size > FRAME_BYTES:
        raise ValueError(
            f"message, body, url and data take {size:,} bytes as a frame; at most {FRAME_BYTES:,}"
        )
    return {**found, "key": _key(key)}


def user_ids(recipients: object) -> list[int]:
    """Return the ids of saved users, each once, ascending. ValueError for anything that is not a saved user."""
    try:
        users: Iterator[object] = iter(recipients)  # type: ignore[call-overload]
    except TypeError:
        raise ValueError(f"recipients: an iterable of users, not {_type(recipients)}") from None
    return sorted({user_id(user) for user in users})


def user_id(user: object) -> int:
    """Return the id of a saved user. ValueError for anything that is none."""
    # Also what only stands for a user, as `request.user` does.
    if not isinstance(user, get_user_model()):
        raise ValueError(f"recipient: a user, not {_type(user)}")
    try:
        identity = user._meta.pk.to_python(user.pk)
    except ValidationError:
        identity = None
    if identity is None:
        raise ValueError("recipient: a user that has been saved")
    if not 0 < identity <= SEQ_MAX:
        raise ValueError(f"recipient: nobody can have the id {_short(identity)}")
    return int(identity)


def chunk_size(value: object) -> int:
    """Return how many recipients are locked at a time. ValueError for anything but a whole number from 1."""
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"chunk: a whole number from 1, not {_short(value)}")
    return value


def _key(key: object) -> str | None:
    if key is None:
        return None
    # Not made text of here: whoever wrote 7 in one place and "7" in another would have two notifications or one,
    # depending on a rule that nobody remembers. A lazy text is another one in another language.
    if not issubclass(type(key), str):
        raise ValueError(f"key: a str, not {_type(key)}; write str(…) where that is what you mean")
    text = _text("key", key)
    if not 1 <= len(text) <= _KEY_MAX_LENGTH:
        raise ValueError(f"key: 1 to {_KEY_MAX_LENGTH} characters")
    return text


def _text(name: str, value: object) -> str:
    try:
        if issubclass(type(value), str):
            # What it says, where the class (an Enum) would call it something else.
            text = str.__str__(value)
        elif isinstance(value, str | Promise):
            text = str(value)
        else:
            raise ValueError(f"{name}: text, not {_type(value)}")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"{name}: a lazy text that raises {error!r}") from error
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}: half of a surrogate pair at {error.start}") from None
    if "\x00" in text:
        raise ValueError(f"{name} must not contain NUL")
    return text


def _data(value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"data: a mapping, not {_type(value)}")
    try:
        return _Plain()(value, "data", DATA_DEPTH)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"data: a lazy value that raises {error!r}") from error


class _Plain:
    """Makes plain JSON values of what is in `data`; ValueError names the place of what is not."""

    def __init__(self) -> None:
        # Each value takes two bytes of a frame at least. Counted on the way: what is shared in many places is small
        # in memory, and without end written out.
        self._left = FRAME_BYTES // 2

    def __call__(self, value: Any, place: str, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"data: more values than fit into {FRAME_BYTES:,} bytes")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str | Promise):
            return _text(place, value)
        if isinstance(value, int):
            return _integer(value, place)
        if isinstance(value, float):
            return _float(value, place)
        if isinstance(value, Mapping | list | tuple):
            if depth == 0:
                raise ValueError(f"data: nested more than {DATA_DEPTH} levels deep")
            if isinstance(value, Mapping):
                return {
                    self._name(name, place): self(inner, f"{place}[{_short(name)}]", depth - 1)
                    for name, inner in value.items()
                }
            return [self(inner, f"{place}[{at}]", depth - 1) for at, inner in enumerate(value)]
        raise ValueError(f"{place}: what JSON can hold, not {_type(value)}")

    @staticmethod
    def _name(name: object, place: str) -> str:
        # JSON would write 7 and "7" alike, and one of both would be lost.
        if not issubclass(type(name), str):
            raise ValueError(f"{place}: names that are text, not {_type(name)}")
        return _text(f"{place}: a name", name)


def _integer(value: int, place: str) -> int:
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise ValueError(f"{place}: outside of 64 bits; send it as text")
    return int(value)


def _float(value: float, place: str) -> int | float:
    if not math.isfinite(value):
        raise ValueError(f"{place}: {value!r} is not a number that JSON knows")
    value = float(value)
    if abs(value) >= _EXPONENT:
        # As PostgreSQL will have it, so that its size is known; what is beyond 64 bits compose makes a float again.
        whole = int(Decimal(repr(value)))
        if INTEGER_MIN <= whole <= INTEGER_MAX:
            return whole
    return value


def _request_id() -> str:
    """Return the id of the request under way; a project's own may be anything."""
    value = structlog.contextvars.get_contextvars().get("request_id", "")
    try:
        return _text("request_id", value)[:_REQUEST_ID_MAX_LENGTH]
    except ValueError:
        return ""


def _type(value: object) -> str:
    return type(value).__name__


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:
        # More digits than Python writes.
        return "so long a number"
    return text if len(text) <= 100 else f"{text[:99]}…"
