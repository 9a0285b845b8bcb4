"""What the templates of the inbox page show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from bellhop.http.element import Addresses
from bellhop.http.inbox.done import Done
from bellhop.http.inbox.query import PageQuery
from bellhop.http.inbox.rows import Day, Row
from bellhop.models import InboxState


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the views of the list."""

    view: str
    name: str
    url: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A kind to filter by; the first one, without a name, is all of them."""

    kind: str
    name: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RowWords:
    """The words that each row repeats, translated once a page."""

    unread: str = field(default_factory=lambda: gettext("Unread:"))
    more: str = field(default_factory=lambda: gettext("Show more"))
    read: str = field(default_factory=lambda: gettext("Mark as read"))
    mark_unread: str = field(default_factory=lambda: gettext("Mark as unread"))
    archive: str = field(default_factory=lambda: gettext("Archive"))
    unarchive: str = field(default_factory=lambda: gettext("Move to inbox"))


@dataclass(frozen=True)
class Page:
    """What a page of the package knows wherever it stands, as `bellhop` in its context: one name, so that it hides none
    of a project's own.
    """

    base_template: Any
    """The project's base.html, or the package's own where the list would not be seen in that."""
    addresses: Addresses
    standing: InboxState
    url: str
    """Of the newest page of the inbox."""
    mark_url: str
    """Where the forms are sent."""
    own_url: str
    """Of this very page, where its forms lead back to."""
    login_url: str
    """Leads back to this page."""
    zone: str
    done: Done | None
    words: RowWords


@dataclass(frozen=True)
class InboxPage(Page):
    """The list."""

    query: PageQuery
    days: Sequence[Day]
    blank: Row
    """Of which the script makes new rows."""
    tabs: Sequence[Tab]
    chips: Sequence[Chip]
    """Empty where there is nothing to choose."""
    since: int | None
    """From where this session's socket starts; None: the script asks for it."""
    through: int
    """The seq up to which "all" means what this page has shown."""
    mark_all: str
    """What the button for all says; empty: there is nothing to mark."""
    empty: str
    """Why nothing is listed; empty: something is."""
    newer_url: str
    older_url: str
    """Of the pages beside this one; the empty string where there is none."""
    clear_url: str
    """Of the same view, without a search and, where nothing is searched for, without a kind."""
    archived_url: str


@dataclass(frozen=True)
class NotificationPage(Page):
    """A single notification, whole."""

    row: Row
    kind_label: str
    moment: str
    """When it came, with its date and its zone."""
