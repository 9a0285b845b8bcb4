"""The filters beside the list of notifications. None asks the database what there is to choose from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bellhop.admin.columns import kind_label
from bellhop.kinds import registry

Choices = list[tuple[str, Any]]
"""Values and their words, which may be lazy."""


class State(admin.SimpleListFilter):
    """Unread is what the bell counts."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("unread", _("Unread")),
            ("read", _("Read")),
            ("archived", _("Archived")),
            ("waiting", _("Not numbered yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "unread":
            return queryset.unread()
        if self.value() == "read":
            return queryset.filter(read_at__isnull=False, archived_at=None)
        if self.value() == "archived":
            return queryset.filter(archived_at__isnull=False)
        return queryset.filter(seq=None) if self.value() == "waiting" else queryset


class OfKind(admin.SimpleListFilter):
    """By the kinds that are declared, and by any other in the address."""

    title, parameter_name = _("kind"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        names = [kind.name for kind in registry.declared()]
        asked = self.used_parameters.get(self.parameter_name)
        asked = asked[-1] if isinstance(asked, list) else asked
        names += [asked] if asked and asked not in names else []
        return sorted(((name, kind_label(name)) for name in names), key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class _Either(admin.SimpleListFilter):
    """One of two: `yes` and `no` are the words, and each is a condition on the rows."""

    yes: str | Promise
    no: str | Promise
    condition: dict[str, Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("1", self.yes), ("0", self.no)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "1":
            return queryset.filter(**self.condition)
        return queryset.exclude(**self.condition) if self.value() == "0" else queryset


class Toast(_Either):
    title, parameter_name = _("toast"), "toast"
    yes, no, condition = _("Told by a toast"), _("Only listed"), {"toast": True}


class Summary(_Either):
    title, parameter_name = _("summary"), "summary"
    yes, no, condition = _("Summaries"), _("Not a summary"), {"sums_up__isnull": False}


class Told(_Either):
    """Whether it came in a storm, of which a summary tells."""

    title, parameter_name = _("storm"), "storm"
    yes, no, condition = _("Told of by a summary"), _("Told of by itself"), {"in_storm": True}


class Expiring(_Either):
    title, parameter_name = _("expiry"), "expiring"
    yes, no, condition = _("Expires"), _("Does not expire"), {"expires_at__isnull": False}
