"""What every page knows: whether this is development, whether there is mail, and where the bell stands."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.contract import SESSION_MARK
from bellhop.models import Inbox, InboxState
from core import owner


def standing(request: HttpRequest) -> InboxState:
    """Return where the signed-in user stands, asked once a request.

    A view that lists rows asks before it lists: what comes in between is then above the page's seq, and
    the socket brings it.
    """
    state: InboxState | None = getattr(request, "_standing", None)
    if state is None:
        state = Inbox.state_of(request.user.pk)  # type: ignore[arg-type]
        request._standing = state  # type: ignore[attr-defined]
    return state


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return `debug`, `sends_mail` and, for someone signed in, `bell` with the socket's starting points."""
    known: dict[str, Any] = {
        "debug": settings.DEBUG,
        "sends_mail": settings.SENDS_MAIL,
        "bell": None,
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # Asked for when a template wants it: what a login renders for its message, for one, does not.
        known["bell"] = SimpleLazyObject(lambda: _bell(request))
    return known


def _bell(request: HttpRequest) -> dict[str, Any]:
    state = standing(request)
    # A session that did not begin with a login through allauth gets its mark on its first page.
    since = request.session.setdefault(SESSION_MARK, state.seq)
    return {"user_key": owner.key_of(request), "since": since, **state._asdict()}
