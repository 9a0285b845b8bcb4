"""The page of notifications and its forms, which work without JavaScript."""

import re
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from bellhop import frame_from_row
from bellhop.contract import SEQ_MAX
from bellhop.http.context_processors import bell, standing
from bellhop.http.signed_in import SignedInRequest
from bellhop.inbox import mark_read, pages


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    """Render the user's notifications, newest first; `?before=<seq>` for older ones."""
    standing(request)
    before = _seq(request.GET.get("before"))
    page = pages.page(request.user.pk, before=before)
    context = {
        **bell(request),
        "base_template": select_template(["base.html", "bellhop/base.html"]),
        "notifications": [
            {**frame_from_row.fields(row), "created_at": row.created} for row in page.rows
        ],
        "older_url": f"{request.path}?before={page.rows[-1].seq}" if page.more else None,
        "newer": before is not None,
    }
    return render(request, "bellhop/inbox.html", context)


@require_POST
@login_required
def mark_notifications(request: SignedInRequest) -> HttpResponse:
    """Take the forms of the list: `action`, and `id` or `through`; redirect to `next`, or to the list."""
    action, through = request.POST.get("action"), _seq(request.POST.get("through"))
    try:
        ids = [UUID(value) for value in request.POST.getlist("id")]
    except ValueError:
        return HttpResponseBadRequest("id is no UUID")
    if action not in mark_read.ACTIONS or (not ids and through is None):
        return HttpResponseBadRequest("action and id or through are needed")
    mark_read.mark(request.user.pk, action, ids=ids, through=None if ids else through)
    back = request.POST.get("next", "")
    # redirect() would take a word for the name of a view.
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, request.get_host())
    return HttpResponseRedirect(back if is_ours else reverse("bellhop:inbox"))


def _seq(value: str | None) -> int | None:
    """Return a seq from a URL or form; None for nonsense, as if it had been left out."""
    if not value or not re.fullmatch(r"[0-9]{1,19}", value):
        return None
    return min(int(value), SEQ_MAX)
