"""What the list of notifications shows of each, in words."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bellhop import frame_from_row
from bellhop.kinds import registry, words
from bellhop.models import Notification
from bellhop.models.user_fields import name_fields


def search_fields(relation: str) -> tuple[str, ...]:
    """Return the fields by which a user is found, as seen from a row that belongs to one."""
    return tuple(f"{relation}__{name}" for name in name_fields())


def person(user: Any) -> str:
    """Return how a user is called: by a full name, where the model has one, beside the name to log in with."""
    called, full = str(user), getattr(user, "get_full_name", str)()
    return f"{full} ({called})" if full and full != called else called


def kind_label(name: str) -> str:
    """Return what people read about a kind; of one that nobody declares its name."""
    kind = registry.find(name)
    return words.label(kind) if registry.is_declared(kind) else name


class Columns:
    """Columns of the list. They ask the database nothing: the list has fetched the recipients."""

    @admin.display(description=_("says"))
    def says(self, row: Notification) -> SafeString:
        """Return the message as its recipient reads it, in the language that the row was saved in."""
        text = frame_from_row.fields(row)["message"]
        return format_html("<bdi>{}</bdi>", Truncator(text).chars(100))

    @admin.display(description=_("to"), ordering="recipient")
    def whom(self, row: Notification) -> SafeString:
        return format_html("<bdi>{}</bdi>", person(row.recipient))

    @admin.display(description=_("state"), ordering=F("archived_at").asc(nulls_first=True))
    def state(self, row: Notification) -> str:
        if row.seq is None:
            return gettext("not numbered yet")
        if row.archived_at is not None:
            return gettext("archived")
        return gettext("unread") if row.read_at is None else gettext("read")

    @admin.display(description=_("kind"), ordering="kind")
    def of_kind(self, row: Notification) -> SafeString:
        return format_html("<bdi>{}</bdi>", kind_label(row.kind))
