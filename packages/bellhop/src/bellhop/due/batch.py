"""What a task's batch has come to."""

from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple


class Batch(NamedTuple):
    """`done`: how many things were due and are done. `held`: whose inbox somebody holds, so that theirs are left.

    `is_last`: there is no more, but for those people's. `is_ours`: no other runner was at it.
    """

    done: int
    held: AbstractSet[Any] = frozenset()
    is_last: bool = True
    is_ours: bool = True


NOT_OURS = Batch(0, is_ours=False)
"""Another runner does it just now."""
