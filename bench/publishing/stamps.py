"""The text of a measured message: which one it is, whose, and when it was published.

The clock is CLOCK_MONOTONIC, which all containers of one kernel share: the receiver subtracts.
"""

from typing import Final, NamedTuple

MARK: Final = b"bench "
SIZE: Final = 100
"""Characters of a message's text, padding included: about one line of a real notification."""

EVERYONE: Final = 0
"""In place of a recipient's id: the same text goes to each."""

_HEAD: Final = "bench {} {} {} "


class Stamp(NamedTuple):
    """A message's number within the benchmark, its recipient's id, and its time in ns of CLOCK_MONOTONIC."""

    number: int
    user: int
    ns: int


def write(number: int, user: int, ns: int) -> str:
    """Return the text of one message."""
    return _HEAD.format(number, user, ns).ljust(SIZE, ".")


def read(payload: bytes) -> Stamp | None:
    """Return what a frame's payload was stamped with, wherever the text stands in it; None if nowhere."""
    at = payload.find(MARK)
    if at < 0:
        return None
    number, user, ns, _ = payload[at + 6 :].split(b" ", 3)
    return Stamp(int(number), int(user), int(ns))
