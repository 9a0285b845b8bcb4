"""The page of notifications and its forms, which work without JavaScript."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from bellhop import frame_from_row
from bellhop.contract import SEQ_MAX
from bellhop.http import base_template, page_owner
from bellhop.http.element import Addresses, addresses
from bellhop.http.signed_in import SignedInRequest
from bellhop.inbox import mark_read, pages
from bellhop.models import Inbox, InboxState


@dataclass(frozen=True)
class InboxPage:
    """What the templates of the inbox page show, as `bellhop` in their context: one name, so that it hides none of a
    project's own.
    """

    base_template: Any
    """The project's base.html, or the package's own where the list would not be seen in that."""
    addresses: Addresses
    standing: InboxState
    notifications: list[dict[str, Any]]
    is_newest: bool
    through: int
    """The seq up to which "all" means what this page has shown."""
    url: str
    """Of the newest page of the list."""
    own_url: str
    """Of this very page."""
    older_url: str
    """Of the next page; the empty string where there is none."""
    login_url: str
    """Leads back to this page."""


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    """Render the user's notifications, newest first; `?before=<seq>` for older ones."""
    # Before the rows: what comes in between is above the page's seq, and the socket brings it.
    standing = Inbox.state_of(request.user.pk)
    before = _seq(request.GET.get("before"))
    page = pages.page(request.user.pk, before=before)
    rows = [{**frame_from_row.fields(row), "created_at": row.created} for row in page.rows]
    own_url = request.get_full_path()
    template: Any = get_template(base_template.PAGE)
    context = {
        "bellhop": InboxPage(
            base_template=base_template.base_of(template),
            addresses=addresses(),
            standing=standing,
            notifications=rows,
            is_newest=before is None,
            through=page.rows[0].seq or 0 if page.rows and before is None else standing.seq,
            url=request.path,
            own_url=own_url,
            older_url=f"{request.path}?before={page.rows[-1].seq}" if page.more else "",
            login_url=redirect_to_login(own_url).url,
        ),
        # Here too: a project need not have the context processor.
        "bellhop_user_key": page_owner.key_of(request),
    }
    return HttpResponse(template.render(context, request))


@require_POST
@login_required
def mark_notifications(request: SignedInRequest) -> HttpResponse:
    """Take the forms of the list: `action`, and `id` or `through`; redirect to `next`, or to the list.

    Changes nothing where the form is of a page that was rendered for somebody else.
    """
    action, through = request.POST.get("action"), _seq(request.POST.get("through"))
    try:
        ids = [UUID(value) for value in request.POST.getlist("id")]
    except ValueError:
        return HttpResponseBadRequest("id is no UUID")
    if action not in mark_read.ACTIONS or (not ids and through is None):
        return HttpResponseBadRequest("action and id or through are needed")
    try:
        page_owner.check(request, request.POST.get(page_owner.FIELD))
    except page_owner.OtherUserError:
        messages.warning(request, page_owner.NOTHING_CHANGED, fail_silently=True)
        return HttpResponseRedirect(reverse("bellhop:inbox"))
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
