"""Frames as text: what clients may send, and how the server writes its own."""

import json
import re
import time
from typing import Any, Final, NoReturn

from bellhop.contract import SEQ_MAX

# Deeper brackets than any client needs would only exercise the parser's recursion limit.
_NESTING: Final = re.compile(r"[\[{]{32}")
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,19}")


class BadFrameError(ValueError):
    """The client sent what is no JSON object with a string `type`."""


class Encoder:
    """Frames as one line of JSON each, in UTF-8; one that goes to many sockets in a row is encoded once."""

    def __init__(self) -> None:
        self._dumps: Final = json.JSONEncoder(
            ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode
        # Kept, so that no other object can be taken for it.
        self._frame: Any = object()
        self._bytes = b""

    def __call__(self, frame: Any) -> bytes:
        """Return the frame as bytes. ValueError for what JSON does not know, or UTF-8."""
        if frame is not self._frame:
            self._bytes = self._dumps(frame).encode()
            self._frame = frame
        return self._bytes


encode: Final = Encoder()


def parse(text: str | None, max_bytes: int) -> dict[str, Any]:
    """Return the client's frame; BadFrameError for binary, oversized, or anything but an object with `type`."""
    if text is None or len(text) > max_bytes or len(text.encode()) > max_bytes:
        raise BadFrameError("binary or too long")
    if _NESTING.search(text):
        raise BadFrameError("nested too deeply")
    try:
        frame = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadFrameError(str(error)) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrameError("no object with a type")
    return frame


def parse_number(name: str, values: list[str]) -> int | None:
    """Return the seq of `?after=` or the rev of `?rev=`, None where it is absent; BadFrameError if it is none."""
    if not values:
        return None
    if len(values) > 1 or not _WHOLE_NUMBER.fullmatch(values[0]) or int(values[0]) > SEQ_MAX:
        raise BadFrameError(f"{name} is no {name if name == 'rev' else 'seq'}")
    return int(values[0])


def is_seq(value: object, latest: int) -> bool:
    """Whether a client may acknowledge it: a whole number up to the latest."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= latest


def is_saved(frame: object) -> bool:
    """Whether an event's notification has what the cursor rule needs."""
    return isinstance(frame, dict) and isinstance(frame.get("seq"), int) and "id" in frame


class FrameRate:
    """Counts a client's frames in windows of one second."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._window = 0.0
        self._count = 0

    def exceeded(self) -> bool:
        """Count one frame; return whether it was one too many."""
        now = time.monotonic()
        if now - self._window >= 1:
            self._window, self._count = now, 0
        self._count += 1
        return self._count > self._per_second


def _refuse_constant(name: str) -> NoReturn:
    # NaN and Infinity are Python's, not JSON's: another client's JSON.parse would throw on them.
    raise BadFrameError(name)
