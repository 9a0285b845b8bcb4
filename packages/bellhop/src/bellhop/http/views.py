"""The page of notifications and its forms, which work without JavaScript."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from bellhop.http import base_template, page_owner
from bellhop.http.inbox import forms
from bellhop.http.inbox.done import Done, without_done
from bellhop.http.inbox.page import inbox_page, notification_page
from bellhop.http.inbox.query import seq_of
from bellhop.http.signed_in import SignedInRequest
from bellhop.inbox import marks
from bellhop.inbox.seen import see

NOTIFICATION: Final = "bellhop/notification.html"

_NOTHING: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)
"""A GIF of one pixel that cannot be seen."""


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    """Render the user's notifications, newest first.

    `?view=unread|archived`, `kind` and `q` choose among them, `before` and `after` (a seq) lead to other pages. It
    changes nothing.
    """
    template: Any = get_template(base_template.PAGE)
    page = inbox_page(request, template)
    if page.query.after is not None and not page.newer_url:
        # Nothing is newer than what it would show: the newest page has it, and goes on growing.
        url = page.query.newest.address(request.path)
        return HttpResponseRedirect(page.done.added_to(url) if page.done else url)
    return _rendered(request, template, page)


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def notification(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Render one notification of the user's, whole. It changes nothing; 404 for anybody else's."""
    template: Any = get_template(NOTIFICATION)
    return _rendered(request, template, notification_page(request, template, pk))


@require_safe
@never_cache
@login_required
def seen(request: SignedInRequest) -> HttpResponse:
    """Note that the user has seen everything up to the seq `through`, and answer with a picture that shows nothing.

    For a page without a script, which asks for the picture as it is shown; for no page of another site.
    """
    through = seq_of(request.GET.get("through"))
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if through is not None and is_ours and request.method == "GET":
        see(request.user.pk, through)
    return HttpResponse(_NOTHING, content_type="image/gif")


def _rendered(request: SignedInRequest, template: Any, page: Any) -> HttpResponse:
    # The key here, too: a project need not have the context processor.
    context = {"bellhop": page, "bellhop_user_key": page_owner.key_of(request)}
    return HttpResponse(template.render(context, request))


@require_POST
@login_required
def mark_notifications(request: SignedInRequest) -> HttpResponse:
    """Take the forms of the list (bellhop.http.inbox.forms); redirect to `next`, or to the list, with what was done.

    Changes nothing where the form is of a page that was rendered for somebody else.
    """
    try:
        marking = forms.marking_of(request.POST)
    except forms.NonsenseError as error:
        return HttpResponseBadRequest(str(error))
    try:
        page_owner.check(request, request.POST.get(page_owner.FIELD))
    except page_owner.OtherUserError:
        messages.warning(request, page_owner.NOTHING_CHANGED, fail_silently=True)
        return HttpResponseRedirect(reverse("bellhop:inbox"))
    if marking.is_empty:
        done = Done(marking.action, 0, 0)
    else:
        marked = marks.marked(request.user.pk, marking.action, **marking.which)
        done = Done(marking.action, marked.changed, marked.rev)
    back = request.POST.get("next", "")
    # redirect() would take a word for the name of a view.
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, request.get_host())
    url = without_done(back) if is_ours else reverse("bellhop:inbox")
    return HttpResponseRedirect(done.added_to(url))
