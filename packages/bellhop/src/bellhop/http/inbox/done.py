"""What a form of the inbox page did, told by the page that comes after it: `?done=<action>.<count>.<rev>`."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext, ngettext

FIELD: Final = "done"

INVERSE: Final = {
    "read": "unread",
    "unread": "read",
    "archive": "unarchive",
    "unarchive": "archive",
}


@dataclass(frozen=True, slots=True)
class Done:
    """So many notifications were changed by an action; the rev is that of the change, by which it can be undone."""

    action: str
    count: int
    rev: int

    @property
    def inverse(self) -> str:
        return INVERSE[self.action]

    @property
    def can_be_undone(self) -> bool:
        return self.count > 0

    @property
    def text(self) -> str:
        if not self.count:
            return gettext("Nothing was changed.")
        sentences = {
            "read": ngettext("Marked %(count)d as read.", "Marked %(count)d as read.", self.count),
            "unread": ngettext(
                "Marked %(count)d as unread.", "Marked %(count)d as unread.", self.count
            ),
            "archive": ngettext("Archived %(count)d.", "Archived %(count)d.", self.count),
            "unarchive": ngettext(
                "Moved %(count)d to the inbox.", "Moved %(count)d to the inbox.", self.count
            ),
        }
        return sentences[self.action] % {"count": self.count}

    def added_to(self, url: str) -> str:
        """Return the address of a page of this site that says so."""
        return _with(url, f"{self.action}.{self.count}.{self.rev}")


def done_of(text: str | None) -> Done | None:
    """Return what an address says was done; None where it says nothing, or nonsense."""
    found = re.fullmatch(
        r"(read|unread|archive|unarchive)\.([0-9]{1,9})\.([0-9]{1,19})", text or ""
    )
    return Done(found[1], int(found[2]), int(found[3])) if found else None


def without_done(url: str) -> str:
    """Return the address of the page without what was done: told once, and not again by every form that leads back."""
    return _with(url, None)


def _with(url: str, value: str | None) -> str:
    scheme, host, path, query, fragment = urlsplit(url)
    fields = [each for each in parse_qsl(query, keep_blank_values=True) if each[0] != FIELD]
    if value is not None:
        fields.append((FIELD, value))
    return urlunsplit((scheme, host, path, urlencode(fields), fragment))
