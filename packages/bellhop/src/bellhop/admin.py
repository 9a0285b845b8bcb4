"""Inboxes and notifications for staff to look at. Rows come to be through notify() only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bellhop.models import Inbox, Notification
from bellhop.models.user_fields import name_fields


def _search_fields(relation: str) -> tuple[str, ...]:
    """Return the fields by which a user is found, as seen from a row that belongs to one."""
    return tuple(f"{relation}__{name}" for name in name_fields())


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that can be looked at, and neither made nor changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Inbox)
class InboxAdmin(ReadOnlyAdmin):
    """A user's counters. They go with their user only."""

    list_display = ("user", "last_seq", "rev")
    list_select_related = ("user",)
    search_fields = _search_fields("user")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its counters must never start again below what a browser has seen.
        return False


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Notifications, which staff may delete: open pages drop them within a second."""

    list_display = ("recipient", "seq", "kind", "message", "created", "read_at", "archived_at")
    list_filter = ("kind", "created")
    list_select_related = ("recipient",)
    search_fields = (*_search_fields("recipient"), "message", "key", "request_id")
    show_full_result_count = False
