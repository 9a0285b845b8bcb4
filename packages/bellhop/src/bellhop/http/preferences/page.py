"""The page of preferences and its forms, which work without JavaScript."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as in_this_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from bellhop.http import base_template, page_owner
from bellhop.http.preferences import forms, shown
from bellhop.http.said import Unsaid, say
from bellhop.http.signed_in import SignedInRequest
from bellhop.models import Notification, write_database
from bellhop.preferences.choices import ChoiceError, choices_of
from bellhop.preferences.refusals import refusals_of
from bellhop.retention import person

TEMPLATE: Final = "bellhop/preferences.html"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@login_required
def preferences(request: SignedInRequest) -> HttpResponse:
    """Render the user's choices, or take one of the page's forms and lead back to it.

    A form changes nothing where it is of a page that was rendered for somebody else. Quiet hours that cannot be are
    shown again, as they were written (400).
    """
    if request.method != "POST":
        return _page(request)
    if not _is_owner(request):
        return _back()
    try:
        changes, sentence = forms.read(request.POST, timezone.now())
    except ChoiceError as error:
        return _page(request, error=error)
    except forms.NonsenseError as error:
        return HttpResponseBadRequest(str(error))
    try:
        changes.apply(request.user.pk)
    except ChoiceError as error:
        # A kind that is gone since the page was rendered, or that has become one which cannot be muted.
        why = {"why": _sentence(error)}
        say(request, gettext("Nothing was changed: %(why)s.") % why, is_error=True)
    else:
        say(request, sentence(choices_of(request.user.pk)))
    return _back()


@require_POST
@never_cache
@login_required
def download(request: SignedInRequest) -> HttpResponseBase:
    """Send all that is stored about the user as a file of JSON."""
    if not _is_owner(request):
        return _back()
    pieces = person.export(request.user)
    response = StreamingHttpResponse(
        _without_waiting(pieces) if isinstance(request, ASGIRequest) else pieces,
        content_type="application/json",
    )
    response["Content-Disposition"] = 'attachment; filename="notifications.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@login_required
def erase(request: SignedInRequest) -> HttpResponse:
    """Ask whether all that is stored about the user shall be deleted, and do so upon a POST."""
    if request.method != "POST":
        rows = Notification.objects.using(write_database.alias()).filter(recipient=request.user.pk)
        return _page(request, is_erasing=True, count=rows.count())
    if not _is_owner(request):
        return _back()
    count = person.erase(request.user)
    deleted = ngettext(
        "Deleted: %(count)s notification, and your preferences.",
        "Deleted: %(count)s notifications, and your preferences.",
        count,
    )
    say(request, deleted % {"count": count})
    return _back()


def _page(
    request: SignedInRequest, *, error: ChoiceError | None = None, **more: Any
) -> HttpResponse:
    user_id = request.user.pk
    choices = choices_of(user_id)
    everything, kinds = shown.rows(choices, refusals_of(user_id), timezone.now())
    given = {name: request.POST.get(name, "")[:64] for name in ("from", "until", "zone")}
    template: Any = get_template(TEMPLATE)
    page = shown.PreferencesPage(
        base_template=base_template.base_of(template),
        login_url=redirect_to_login(reverse("bellhop:preferences")).url,
        unsaid=Unsaid(request),
        everything=everything,
        kinds=kinds,
        quiet=shown.quiet(choices, given if error else None),
        do_not_disturb=shown.do_not_disturb(choices, timezone.now()),
        errors={error.field: _sentence(error)} if error else {},
        **more,
    )
    context = {"bellhop": page, "bellhop_user_key": page_owner.key_of(request)}
    return HttpResponse(template.render(context, request), status=400 if error else 200)


def _sentence(error: ChoiceError) -> str:
    """Return what a person reads of an error. What only a program can do wrong stays as it is."""
    text = in_this_language(error.text)
    return text % error.values if error.values else text


def _is_owner(request: HttpRequest) -> bool:
    try:
        page_owner.check(request, request.POST.get(page_owner.FIELD))
    except page_owner.OtherUserError:
        say(request, page_owner.NOTHING_CHANGED, is_error=True)
        return False
    return True


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("bellhop:preferences"))


async def _without_waiting(pieces: Iterator[str]) -> AsyncIterator[str]:
    """Yield the pieces, each of which asks the database, in an event loop."""
    following = sync_to_async(lambda: next(pieces, None))
    while (piece := await following()) is not None:
        yield piece
