"""Text and JSON values made plain: what passes comes out of PostgreSQL, msgpack and strict JSON as it went in.

Nothing here asks the database or blocks, and nothing but ValueError comes out, which names the place of the value.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise

from bellhop.contract import DATA_DEPTH, FRAME_BYTES, INTEGER_MAX, INTEGER_MIN

# From here on Python writes a float with an exponent, and PostgreSQL gives it back with all its digits.
_EXPONENT: Final = 1e16


def plain_text(name: str, value: object) -> str:
    """Return the text as a str of its own; lazy text in the language that is active now. `name` is for the error."""
    try:
        if issubclass(type(value), str):
            # What it says, where the class (an Enum) would call it something else.
            text = str.__str__(value)
        elif isinstance(value, str | Promise):
            text = str(value)
        else:
            raise ValueError(f"{name}: text, not {type_name(value)}")
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


def plain_data(value: object) -> dict[str, Any]:
    """Return the mapping as plain dicts, lists, texts and numbers; {} for None."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"data: a mapping, not {type_name(value)}")
    try:
        return _Plain()(value, "data", DATA_DEPTH)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"data: a lazy value that raises {error!r}") from error


class _Plain:
    """Makes plain JSON values of what is in `data`. ValueError names the place of a value that JSON cannot hold."""

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
            return plain_text(place, value)
        if isinstance(value, int):
            return _integer(value, place)
        if isinstance(value, float):
            return _float(value, place)
        if isinstance(value, Mapping | list | tuple):
            if depth == 0:
                raise ValueError(f"data: nested more than {DATA_DEPTH} levels deep")
            if isinstance(value, Mapping):
                return {
                    self._name(name, place): self(inner, f"{place}[{short(name)}]", depth - 1)
                    for name, inner in value.items()
                }
            return [self(inner, f"{place}[{at}]", depth - 1) for at, inner in enumerate(value)]
        raise ValueError(f"{place}: what JSON can hold, not {type_name(value)}")

    @staticmethod
    def _name(name: object, place: str) -> str:
        # JSON would write 7 and "7" alike, and one of both would be lost.
        if not issubclass(type(name), str):
            raise ValueError(f"{place}: names that are text, not {type_name(name)}")
        return plain_text(f"{place}: a name", name)


def _integer(value: int, place: str) -> int:
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise ValueError(f"{place}: outside of 64 bits; send it as text")
    return int(value)


def _float(value: float, place: str) -> int | float:
    if not math.isfinite(value):
        raise ValueError(f"{place}: {value!r} is not a number that JSON knows")
    value = float(value)
    if abs(value) >= _EXPONENT:
        # As PostgreSQL will have it, so that its size is known; what is beyond 64 bits becomes a float again
        # in the frame.
        whole = int(Decimal(repr(value)))
        if INTEGER_MIN <= whole <= INTEGER_MAX:
            return whole
    return value


def type_name(value: object) -> str:
    """Return the name of the value's class, for an error."""
    return type(value).__name__


def short(value: object) -> str:
    """Return the value as Python writes it, at most 100 characters, for an error."""
    try:
        text = repr(value)
    except ValueError:
        # More digits than Python writes.
        return "so long a number"
    return text if len(text) <= 100 else f"{text[:99]}…"
