"""The words by which a notification is found, and those that somebody looks for.

Both are made here, in one way: PostgreSQL's configurations differ from one installation to the next, and a person's
notifications are in more than one language.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from bellhop import frame_from_row
from bellhop.models import Notification

CHARACTERS: Final = 4000
"""Of a notification's message and body together, from their beginning: what is behind is not found."""

WORDS: Final = 400
"""Of a notification."""

LENGTH: Final = 40
"""Characters of a word; what is behind them counts neither here nor there."""

ASKED: Final = 10
"""Words of a search; more do not narrow it further."""

_WORD: Final = re.compile(r"\w+")


def words_of(row: Notification) -> list[str]:
    """Return the words of what a notification says, each once, in ascending order."""
    shown = frame_from_row.texts(row)
    return sorted(_words("\n".join(shown)[:CHARACTERS], WORDS))


def _words(text: str, most: int) -> set[str]:
    found: set[str] = set()
    for match in _WORD.finditer(_plain(text)):
        found.add(match[0][:LENGTH])
        if len(found) == most:
            break
    return found


def _plain(text: str) -> str:
    # Once more behind casefold(), which takes some letters apart.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: beginnings of words, all of which must be there."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, q: str) -> Self:
        return cls(tuple(sorted(_words(q[:CHARACTERS], ASKED))))

    def are_in(self, words: Collection[str]) -> bool:
        return all(any(word.startswith(wanted) for word in words) for wanted in self.words)
