"""Inboxes, notifications and people's choices for staff to look at. Notifications come to be through notify() only.

What one says can be changed, as bellhop.recall.update() does, and it can be withdrawn: open pages follow.
"""

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin import actions
from django.http import HttpRequest

from bellhop import frame_from_row, recall
from bellhop.contract import FRAME_BYTES, SEQ_MAX
from bellhop.models import Inbox, Notification, Preferences, Refusal
from bellhop.models.user_fields import name_fields
from bellhop.saving import check_arguments

_SAID: Final = ("message", "body", "url", "data", "expires_at")
"""What can be changed of a notification."""

_FACTS: Final = tuple(
    field.name for field in Notification._meta.concrete_fields if field.name not in _SAID
)


def _search_fields(relation: str) -> tuple[str, ...]:
    """Return the fields by which a user is found, as seen from a row that belongs to one."""
    return tuple(f"{relation}__{name}" for name in name_fields())


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A user's rows, which can be looked at, and neither made, changed nor deleted: they go with their user."""

    list_select_related = ("user",)
    search_fields = _search_fields("user")

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

    list_display = ("user", "quiet_from", "quiet_until", "time_zone")


@admin.register(Refusal)
class RefusalAdmin(ReadOnlyAdmin):
    """How many notifications inboxes have refused."""

    list_display = ("user", "kind", "count", "latest")
    list_filter = ("kind",)


class NotificationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a notification says, checked as notify() does."""

    class Meta:
        model = Notification
        fields = _SAID
        help_texts = {"message": "One line of plain text; empty: as its kind makes it."}

    def clean_data(self) -> Any:
        return {} if self.cleaned_data["data"] is None else self.cleaned_data["data"]

    def changes(self) -> dict[str, Any]:
        """Return the arguments of recall.update() for what was changed here."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if "expires_at" in changed:
            changed["expires"] = changed.pop("expires_at")
        return changed

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        try:
            given = {"message": "", "kind": "message", "body": "", "url": "", "data": None}
            check_arguments.columns(**{**given, "key": None, **self.changes()})
        except ValueError as error:
            name = str(error).partition(":")[0].partition(" ")[0]
            field = "expires_at" if name == "expires" else name
            self.add_error(field if field in _SAID else None, str(error))
            return
        said = {name: self.cleaned_data[name] for name in _SAID}
        row = Notification(**{**_facts(self.instance), **said, "seq": SEQ_MAX})
        if self.changed_data and (size := frame_from_row.size_of(row)) > FRAME_BYTES:
            self.add_error(
                None, f"It would take {size:,} bytes as a frame; at most {FRAME_BYTES:,}."
            )


class _Read(admin.SimpleListFilter):
    """What the bell counts, and what it does not."""

    title, parameter_name = "whether it is unread", "unread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "Unread"), ("0", "Read or archived")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "1":
            return queryset.unread()
        return queryset.exclude(pk__in=queryset.unread()) if self.value() == "0" else queryset


@admin.action(
    permissions=["delete"],
    description="Withdraw selected notifications: delete them, from open pages too",
)
def delete_selected(modeladmin: Any, request: HttpRequest, queryset: Any) -> Any:
    """Do what Django's own action of that name does, which asks first, and say what that means here."""
    return actions.delete_selected(modeladmin, request, queryset)


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Notifications: staff may change what one says, and withdraw it. Open pages follow within a second."""

    form = NotificationForm
    readonly_fields = _FACTS
    fields = (*_SAID, *_FACTS)
    list_display = ("recipient", "seq", "kind", "message", "created", "read_at", "archived_at")
    list_filter = (
        "kind",
        "created",
        _Read,
        "toast",
        "in_storm",
        ("sums_up", admin.EmptyFieldListFilter),
        ("expires_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("recipient",)
    search_fields = (*_search_fields("recipient"), "message", "key", "request_id")
    actions = (delete_selected,)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if changes := form.changes():
            recall.update(obj.pk, **changes)


def _facts(row: Notification) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
