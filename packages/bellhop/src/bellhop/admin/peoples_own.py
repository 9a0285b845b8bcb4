"""Rows that are people's own: staff may look at them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bellhop.admin.columns import search_fields
from bellhop.models import Inbox, Preferences, Refusal


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A user's rows, which can be looked at, and neither made, changed nor deleted: they go with their user."""

    list_select_related = ("user",)
    search_fields = search_fields("user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # On the page that deletes their user it is asked, too.
        here = f"{self.opts.app_label}_{self.opts.model_name}_"
        is_own_page = (getattr(request.resolver_match, "url_name", None) or here).startswith(here)
        return not is_own_page and super().has_delete_permission(request, obj)


@admin.register(Inbox)
class InboxAdmin(ReadOnlyAdmin):
    """A user's counters. They must never start again below what a browser has seen."""

    list_display = ("user", "last_seq", "rev")


@admin.register(Preferences)
class PreferencesAdmin(ReadOnlyAdmin):
    """What people have chosen. It is theirs to choose."""

    list_display = ("user", "quiet_from", "quiet_until", "time_zone", "do_not_disturb_until")


@admin.register(Refusal)
class RefusalAdmin(ReadOnlyAdmin):
    """How many notifications inboxes have refused."""

    list_display = ("user", "kind", "count", "latest")
    list_filter = ("kind",)
