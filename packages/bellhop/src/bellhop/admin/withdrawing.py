"""The page that withdraws many notifications: it asks first, and goes on from one request to the next."""

import time
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import DELETION
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bellhop import frame_from_row, recall
from bellhop.admin.columns import person
from bellhop.admin.log import note
from bellhop.models import NotificationQuerySet

SECONDS: Final = 5.0
"""How long one request withdraws; then the page says how far it is, and has a button to go on."""

SHOWN: Final = 10
"""Notifications that the question shows."""


@admin.action(permissions=["delete"], description=gettext_lazy("Withdraw selected notifications…"))
def delete_selected(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """Stand in the place of Django's action of that name, whose question knows nothing of open pages."""
    again = {
        "action": "delete_selected",
        "select_across": request.POST.get("select_across", "0"),
    }
    chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    return ask_or_withdraw(model_admin, request, queryset, again, chosen)


def ask_or_withdraw(
    model_admin: Any,
    request: HttpRequest,
    rows: NotificationQuerySet,
    again: Mapping[str, str],
    chosen: list[str],
) -> HttpResponse | None:
    """Answer with the question; after a yes withdraw, and return None when nothing is left.

    `again` and `chosen` are what the form must send to mean the same rows. Raises DatabaseError.
    """
    if not model_admin.has_delete_permission(request):
        raise PermissionDenied
    done = before = _number(request.POST.get("withdrawn", ""))
    if request.method == "POST" and request.POST.get("post"):
        done, is_over = _withdraw(rows, before)
        _note(request, done - before)
        if is_over:
            words = ngettext(
                "%(count)d notification is withdrawn.",
                "%(count)d notifications are withdrawn.",
                done,
            )
            model_admin.message_user(request, words % {"count": done}, messages.SUCCESS)
            return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Withdraw notifications"),
        "original": _("Withdraw"),
        "opts": model_admin.opts,
        "has_view_permission": model_admin.has_view_permission(request),
        "media": model_admin.media,
        "again": again,
        "chosen": chosen[:1] if again.get("select_across") == "1" else chosen,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "withdrawn": done,
        "total": rows.count(),
        "unread": rows.unread().count(),
        "people": rows.order_by().values("recipient").distinct().count(),
        "some": [
            (frame_from_row.fields(row)["message"], person(row.recipient))
            for row in rows.select_related("recipient")[:SHOWN]
        ],
    }
    return TemplateResponse(request, "admin/bellhop/notification/withdraw.html", context)


def _withdraw(rows: NotificationQuerySet, before: int) -> tuple[int, bool]:
    """Withdraw for SECONDS; return how many it were with those before, and whether that were all."""
    done, until = before, time.monotonic() + SECONDS
    for count in recall.withdrawing(rows):
        done += count
        if time.monotonic() > until and rows.exists():
            return done, False
    return done, True


def _note(request: HttpRequest, count: int) -> None:
    if count:
        words = ngettext("%(count)d notification", "%(count)d notifications", count)
        note(request, DELETION, words % {"count": count}, _("Withdrawn."))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
