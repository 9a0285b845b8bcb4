"""Notifications in the admin: to look at, send, change and withdraw. Open pages follow within a second.

Each comes to be through notify_many(), is changed through recall.update(), and withdrawn as recall.withdraw() does.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bellhop import recall
from bellhop.admin import filters
from bellhop.admin.columns import Columns, search_fields
from bellhop.admin.sending.page import send_page
from bellhop.admin.what_it_says import FACTS, SAID, NotificationForm
from bellhop.admin.withdrawing import ask_or_withdraw, delete_selected
from bellhop.models import Notification


@admin.register(Notification)
class NotificationAdmin(Columns, admin.ModelAdmin):  # type: ignore[type-arg]
    """The list; the form of one; and the pages that send and withdraw many."""

    form = NotificationForm
    readonly_fields = ("says", "whom", "state", *FACTS)
    fieldsets = (
        (None, {"fields": ("says", "whom", "state")}),
        (_("Change what it says"), {"fields": SAID}),
        (_("Facts"), {"fields": FACTS, "classes": ("collapse",)}),
    )
    list_display = ("says", "whom", "state", "of_kind", "created")
    list_display_links = ("says",)
    list_filter = (
        filters.State,
        filters.OfKind,
        "created",
        filters.Toast,
        filters.Summary,
        filters.Told,
        filters.Expiring,
    )
    list_select_related = ("recipient",)
    ordering = ("-created",)
    search_fields = (*search_fields("recipient"), "message", "key", "request_id")
    actions = (delete_selected,)
    show_full_result_count = False
    change_list_template = "admin/bellhop/notification/change_list.html"

    class Media:
        css = {"all": ("bellhop/admin.css",)}

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.withdraw_view)
        return [path("withdraw/", page, name="bellhop_notification_withdraw"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Answer with the page that sends: nothing is saved past notify()."""
        return send_page(self, request)

    def withdraw_view(self, request: HttpRequest) -> HttpResponse:
        """Withdraw all that were sent with the key in the address, after asking."""
        key = request.GET.get("key", "")
        rows: Any = self.get_queryset(request).filter(key=key)
        answer = ask_or_withdraw(self, request, rows, {}, [])
        if answer is not None:
            return answer
        site = self.admin_site.name
        return redirect(reverse("admin:bellhop_notification_changelist", current_app=site))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        key = request.GET.get("key__exact", "")
        of_key = key if key and self.has_delete_permission(request) else ""
        context = {"title": capfirst(self.opts.verbose_name_plural), "withdraw_key": of_key}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **options: Any
    ) -> Any:
        # The page that sends is not "another" of this one.
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if changes := form.changes():
            recall.update(obj.pk, **changes)
