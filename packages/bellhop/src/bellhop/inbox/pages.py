"""Pages of a user's notifications, for the inbox page and for the API."""

from dataclasses import dataclass
from typing import Any, Final

from bellhop.contract import REPLAY_LIMIT
from bellhop.inbox import search
from bellhop.inbox.views import Filters, rows
from bellhop.models import Notification, NotificationQuerySet

PAGE_SIZE = 50
PAGE_LIMIT = REPLAY_LIMIT

EVERYTHING: Final = Filters()


@dataclass(frozen=True)
class Page:
    """Some rows, newest first, and whether there are others on either side of them."""

    rows: list[Notification]
    has_older: bool
    has_newer: bool


def page(
    user_id: Any,
    filters: Filters = EVERYTHING,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> Page:
    """Return at most `limit` of what the filters hold: the newest, those below `before`, or those right above `after`.

    `before` and `after` are seqs and exclusive; with both, those right above `after`. One query, two with a bound, and
    as many more as search.seqs() says where the filters search. DatabaseError.
    """
    those = rows(user_id, filters)
    found = _some(user_id, those, filters.q, before=before, after=after, limit=limit + 1)
    has_more, shown = len(found) > limit, found[:limit]
    # Whatever is at the bound itself lies beyond the page.
    if after is not None:
        older = _some(user_id, those, filters.q, before=after + 1, after=None, limit=1)
        return Page(shown[::-1], bool(older), has_more)
    newer = before is not None and bool(
        _some(user_id, those, filters.q, before=None, after=before - 1, limit=1)
    )
    return Page(shown, has_more, newer)


def _some(
    user_id: Any,
    those: NotificationQuerySet,
    q: str,
    *,
    before: int | None,
    after: int | None,
    limit: int,
) -> list[Notification]:
    """Return the first of those within the bounds: ascending with `after`, else newest first."""
    if q:
        seqs = search.seqs(user_id, those, q, before=before, after=after, limit=limit)
        those = those.filter(seq__in=seqs)
    else:
        those = search.between(those, before=before, after=after)
    return list(those.order_by("-seq" if after is None else "seq")[:limit])
