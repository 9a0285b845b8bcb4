"""The `data` of a row, as frames carry it and words are made of it.

Rows may have come past notify(): whatever a row holds, what comes out of here is a dict that can be written as msgpack
and JSON.
"""

from decimal import Decimal
from math import isfinite
from typing import Any

from bellhop.contract import DATA_DEPTH, FRAME_BYTES, INTEGER_MAX, INTEGER_MIN


def carried(data: Any) -> dict[str, Any]:
    """Return the row's `data` as msgpack and JSON carry it; {} where it is not an object, or nested too deep.

    jsonb holds numbers of any length: one that is neither a 64-bit integer nor a float is carried as its digits.
    """
    if not data or not isinstance(data, dict):
        return {}
    try:
        return _Carried()(data, DATA_DEPTH)
    except _TooMuchError:
        return {}


class _TooMuchError(Exception):
    """More levels or values than a frame takes."""


class _Carried:
    """Makes of a JSON value one that msgpack and JSON carry. Raises _TooMuchError. For one use."""

    def __init__(self) -> None:
        # Each value takes two bytes of a frame at least.
        self._left = FRAME_BYTES // 2

    def __call__(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, dict | list):
            if depth == 0 or self._left < 0:
                raise _TooMuchError
            if isinstance(value, dict):
                return {name: self(inner, depth - 1) for name, inner in value.items()}
            return [self(inner, depth - 1) for inner in value]
        if isinstance(value, int) and not INTEGER_MIN <= value <= INTEGER_MAX:
            return _large(value)
        if isinstance(value, float) and not isfinite(value):
            # Longer than a float goes, and with a fraction: Python has not kept the digits.
            return None
        return value


def _large(number: int) -> float | str:
    """Return a float where it stands for just that number, as one that was stored does; else the digits."""
    try:
        nearest = float(number)
    except OverflowError:
        return str(Decimal(number))
    return nearest if Decimal(repr(nearest)) == number else str(number)
