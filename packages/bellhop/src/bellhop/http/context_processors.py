"""What each page knows about the bell: where its user stands, and from where its socket starts."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bellhop.contract import SESSION_MARK
from bellhop.http import page_owner
from bellhop.models import Inbox, InboxState


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
    """Return `bell`: the socket's starting points for someone signed in, else None."""
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
