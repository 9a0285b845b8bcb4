"""What the address of the inbox page asks for: the whole state of the page is there, so that any link can be shared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from bellhop.contract import SEQ_MAX
from bellhop.inbox.views import Filters, View
from bellhop.kinds.kind import NAME

_LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which of a person's notifications a page shows; what is nonsense in an address is as if it had been left out."""

    view: View = View.INBOX
    kind: str = ""
    q: str = ""
    before: int | None = None
    after: int | None = None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "PageQuery":
        """Return what a GET, or the fields of a form, ask for."""
        view, kind = fields.get("view"), fields.get("kind") or ""
        after = seq_of(fields.get("after"))
        return cls(
            view=View(view) if view in set(View) else View.INBOX,
            kind=kind if NAME.fullmatch(kind) else "",
            q=" ".join((fields.get("q") or "").replace("\0", " ").split())[:_LONGEST_SEARCH],
            before=seq_of(fields.get("before")) if after is None else None,
            after=after,
        )

    @property
    def is_newest(self) -> bool:
        """Whether the page begins with the newest of what is asked for."""
        return self.before is None and self.after is None

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.q)

    @property
    def newest(self) -> "PageQuery":
        """The same, without a place in the list."""
        return replace(self, before=None, after=None)

    @property
    def filters(self) -> Filters:
        """What it asks for, as bellhop.inbox takes it."""
        return Filters(self.view, self.kind, self.q)

    def address(self, path: str, **changes: Any) -> str:
        """Return the address of a page, with only what differs from the plain inbox in it."""
        other = replace(self, **changes)
        given = {
            "view": "" if other.view is View.INBOX else str(other.view),
            "kind": other.kind,
            "q": other.q,
            "before": other.before,
            "after": other.after,
        }
        text = urlencode({name: value for name, value in given.items() if value not in ("", None)})
        return f"{path}?{text}" if text else path


def seq_of(value: Any) -> int | None:
    """Return a seq from an address or a form; None for nonsense, as if it had been left out."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,19}", value):
        return None
    return min(int(value), SEQ_MAX)
