"""Inboxes and notifications for staff to look at. Rows come to be through notify() only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from bellhop.models import Inbox, Notification

admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django's, but that whoever may delete a user may delete what hangs on them.

        Django asks for the right to delete each of those alone: nobody has it for an inbox.
        """
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, needed & {self.opts.verbose_name}, protected


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Inbox)
class InboxAdmin(ReadOnlyAdmin):
    list_display = ("user", "last_seq", "rev")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Its counters must never start again below what a browser has seen. It goes with its user.
        return False


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "seq", "kind", "message", "created", "read_at", "archived_at")
    list_filter = ("kind", "created")
    list_select_related = ("recipient",)
    search_fields = ("recipient__username", "recipient__email", "message", "key", "request_id")
    show_full_result_count = False
