"""The three steps: the form, its preview, and the sending, which nothing but the form's own button does."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import ADDITION
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bellhop.admin.log import note
from bellhop.admin.sending import whom
from bellhop.admin.sending.form import SendForm
from bellhop.admin.sending.preview import preview
from bellhop.bulk.people import in_chunks
from bellhop.bulk.send import Counts, send_to


def send_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Answer a step. Raises PermissionDenied for who may not add notifications, and DatabaseError.

    A sending that breaks off has reached some; the same form, sent again, reaches the others.
    """
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = SendForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid() or "_change" in request.POST:
        return _page(model_admin, request, "send", form)
    foreseen = preview(form)
    if "_send" not in request.POST or foreseen.counts is None or not foreseen.total:
        return _page(model_admin, request, "preview", form, preview=foreseen, most=whom.AT_MOST)
    return _sent(model_admin, request, form)


def _page(
    model_admin: Any, request: HttpRequest, name: str, form: SendForm, **more: Any
) -> HttpResponse:
    request.current_app = model_admin.admin_site.name
    # Of any form, whatever its types say.
    layout: Any = form
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Send a notification"),
        # Where a form of one notification has its name.
        "original": _("Send"),
        "opts": model_admin.opts,
        "has_view_permission": model_admin.has_view_permission(request),
        "adminform": AdminForm(layout, form.fieldsets, {}),
        "form": form,
        "errors": form.errors,
        "media": model_admin.media + form.media,
        **more,
    }
    return TemplateResponse(request, f"admin/bellhop/notification/{name}.html", context)


def _sent(model_admin: Any, request: HttpRequest, form: SendForm) -> HttpResponse:
    counts = Counts()
    for some in in_chunks(form.whom.users, whom.AT_MOST):
        for _done in send_to(some, form.given, counts):
            pass
    words = _words(counts)
    if counts.sent:
        note(request, ADDITION, form.given["message"], f"{words} key={form.given['key']}")
    level = messages.SUCCESS if counts.sent else messages.WARNING
    model_admin.message_user(request, words, level)
    site = model_admin.admin_site.name
    if not model_admin.has_view_permission(request):
        return redirect(reverse("admin:bellhop_notification_add", current_app=site))
    url = reverse("admin:bellhop_notification_changelist", current_app=site)
    return redirect(f"{url}?{urlencode({'key__exact': form.given['key']})}")


def _words(counts: Counts) -> str:
    """Return in a sentence each what has become of the sending."""
    said = [ngettext("Sent to %(count)d person.", "Sent to %(count)d people.", counts.sent)]
    numbers = [counts.sent]
    if counts.refused:
        said.append(ngettext("%(count)d has muted it.", "%(count)d have muted it.", counts.refused))
        numbers.append(counts.refused)
    if counts.known:
        said.append(
            ngettext("%(count)d had it already.", "%(count)d had it already.", counts.known)
        )
        numbers.append(counts.known)
    return " ".join(text % {"count": number} for text, number in zip(said, numbers, strict=True))
