"""The form that changes what a notification says, as bellhop.recall.update() does."""

from typing import Any, Final

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES, SEQ_MAX
from bellhop.models import Notification
from bellhop.saving import check_arguments

SAID: Final = ("message", "body", "url", "data", "expires_at")
"""What can be changed of a notification."""

FACTS: Final = tuple(
    field.name for field in Notification._meta.concrete_fields if field.name not in SAID
)
"""What cannot."""


class NotificationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a notification says, checked as notify() does."""

    class Meta:
        model = Notification
        fields = SAID
        help_texts = {"message": _("One line of plain text; empty: as its kind makes it.")}
        # Of many lines, each: one that came past notify() may have some, and is to stay as it is.
        widgets = {
            name: AdminTextareaWidget(attrs={"rows": rows})
            for name, rows in (("message", 2), ("body", 4), ("url", 2))
        }

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
            name = argument_of(error)
            field = "expires_at" if name == "expires" else name
            self.add_error(field if field in SAID else None, str(error))
            return
        said = {name: self.cleaned_data[name] for name in SAID}
        row = Notification(**{**_facts(self.instance), **said, "seq": SEQ_MAX})
        if self.changed_data and (size := frame_from_row.size_of(row)) > FRAME_BYTES:
            self.add_error(
                None, f"It would take {size:,} bytes as a frame; at most {FRAME_BYTES:,}."
            )


def argument_of(error: ValueError) -> str:
    """Return the name of notify()'s argument that such an error is about: each begins with it."""
    return str(error).partition(":")[0].partition(" ")[0]


def _facts(row: Notification) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
