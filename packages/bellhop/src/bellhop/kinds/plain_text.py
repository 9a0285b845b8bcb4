"""Text as it is shown: plain, without what cannot be seen."""

import re
import unicodedata
from typing import Final

# Control characters that are not blanks, and the two that turn around what is written after them.
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e]+")
_HALVES: Final = re.compile("[\ud800-\udfff]+")
_BLANK: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})


def one_line(text: str) -> str:
    """Return the text as one line of plain text; the empty string where nothing of it can be seen."""
    line = " ".join(_UNSEEN.sub("", text).split())
    return line if any(unicodedata.category(character) not in _BLANK for character in line) else ""


def visible(text: str) -> str:
    """Return the text, its lines as they are, without control characters and halves of surrogate pairs."""
    return _HALVES.sub("", _UNSEEN.sub("", text))
