"""The context of each page with a bell: its user's counts, and the seq from which its socket starts."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.contract import SESSION_MARK
from bellhop.http import page_owner
from bellhop.models import Inbox, InboxState


def standing(request: HttpRequest) -> InboxState:
    """Return the signed-in user's seq, rev and unread count: one query, kept for the rest of the request.

    A view that lists rows asks before it lists: a notification that comes in between is then above the page's seq, and
    the socket brings it. Raises DatabaseError.
    """
    state: InboxState | None = getattr(request, "_bellhop_standing", None)
    if state is None:
        state = Inbox.state_of(request.user.pk)
        request._bellhop_standing = state  # type: ignore[attr-defined]
    return state


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return `bell`: the page's user key, `since`, seq, rev and unread; None where nobody is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"bell": None}
    # Asked for when a template wants it: what a login renders for its message, for one, does not.
    return {"bell": SimpleLazyObject(lambda: _bell(request))}


def _bell(request: HttpRequest) -> dict[str, Any]:
    state = standing(request)
    # A session that did not begin with a login through allauth gets its mark on its first page.
    since = request.session.setdefault(SESSION_MARK, state.seq)
    return {"user_key": page_owner.key_of(request), "since": since, **state._asdict()}
