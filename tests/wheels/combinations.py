"""Under which Django and which Python the package is tried."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Combination:
    """A series of each, e.g. "5.2" and "3.12"."""

    django: str
    python: str

    def __str__(self) -> str:
        return f"Django {self.django} on Python {self.python}"


COMBINATIONS: Final = (
    Combination("5.2", "3.12"),
    Combination("6.1", "3.12"),
    Combination("6.1", "3.14"),
)
"""Both ends of both ranges. Django 5.2 under 3.14 is left out: who moves on does so with both."""
