"""A person's notifications as the inbox page shows them: under the headings of days, the same thread together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import formats
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext

from bellhop import frame_from_row
from bellhop.kinds.plain_text import visible
from bellhop.models import Notification
from bellhop.preferences.quiet_hours import aware

NO_ID: Final = "00000000-0000-0000-0000-000000000000"
"""Where the template of a row, which the script clones, has its id; its seq is 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """One notification, for bellhop/inbox/item.html."""

    id: str = NO_ID
    seq: int = 0
    kind: str = ""
    message: str = ""
    body: str = ""
    href: str = ""
    icon: str = ""
    thread: str = ""
    count: int | None = None
    read: str = "false"
    archived: str = "false"
    created: str = ""
    time: str = ""
    permalink: str = ""


@dataclass(slots=True)
class Entry:
    """A row of the list, and the older ones of its thread on the same day."""

    row: Row
    older: list[Row] = field(default_factory=list)

    @property
    def older_text(self) -> str:
        count = len(self.older)
        return ngettext("%(count)d earlier update", "%(count)d earlier updates", count) % {
            "count": count
        }


@dataclass(slots=True)
class Day:
    """What came on one day of the viewer's calendar."""

    date: date
    heading: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def iso(self) -> str:
        return self.date.isoformat()


def row_of(stored: Notification, zone: Any, permalink: Callable[[str], str]) -> Row:
    """Return the notification as its row shows it."""
    said = frame_from_row.fields(stored)
    moment = aware(stored.created).astimezone(zone)
    return Row(
        id=said["id"],
        seq=said["seq"],
        kind=said["kind"],
        message=said["message"],
        body=visible(said["body"]),
        href=safe_link(said["url"]),
        icon=said.get("icon", ""),
        thread=said.get("thread", ""),
        count=said.get("count"),
        read="true" if said["read"] else "false",
        archived="true" if stored.archived_at is not None else "false",
        created=said["created"],
        time=f"{moment:%H:%M}",
        permalink=permalink(said["id"]),
    )


def days(
    stored: Iterable[Notification], rows: Iterable[Row], zone: Any, now: datetime
) -> Sequence[Day]:
    """Return the rows under the days on which they came, in the order that they have."""
    found: list[Day] = []
    threads: dict[str, Entry] = {}
    today = now.astimezone(zone).date()
    for each, row in zip(stored, rows, strict=True):
        when = aware(each.created).astimezone(zone).date()
        if not found or found[-1].date != when:
            found.append(Day(when, heading(when, today)))
            threads = {}
        first = threads.get(row.thread) if row.thread else None
        if first is not None:
            first.older.append(row)
            continue
        entry = Entry(row)
        found[-1].entries.append(entry)
        threads[row.thread] = entry
    return found


def heading(day: date, today: date) -> str:
    """Return "Today", "Yesterday", or the day's date; with the year where it is another one."""
    if day == today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    if day.year != today.year:
        return formats.date_format(day, "DATE_FORMAT")
    return gettext("%(weekday)s, %(date)s") % {
        "weekday": format_date(day, "l"),
        "date": formats.date_format(day, "MONTH_DAY_FORMAT"),
    }


def safe_link(url: str) -> str:
    """Return the address where it is a path or http(s), the same rule as words/safe-link.js; else the empty string."""
    return url if url.startswith("/") or url[:8].lower().startswith(("http://", "https://")) else ""
