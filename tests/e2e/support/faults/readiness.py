"""Which parts /readyz names, on a machine that may be busy."""

import time

from support import stack

LATE = 1.0
"""Seconds after which an answer has waited for some part in vain: that one is named as well, and is not wrong."""


def until_named(*parts: str, timeout: float) -> None:
    """Wait until these parts are named and no others, without any: until all is ready.

    Where there are some, another one must not be named with them at any time, unless it was late.
    """
    deadline = time.monotonic() + timeout
    while True:
        asked = time.monotonic()
        named = stack.unready()
        if named == [*parts]:
            return
        assert set(named) <= {*parts} or time.monotonic() - asked >= LATE or not parts, named
        assert time.monotonic() < deadline, named
        time.sleep(0.2)
