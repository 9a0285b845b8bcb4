"""What every page knows: whether this is development, and where the bell stands."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bellhop.contract import SESSION_MARK
from bellhop.models import Inbox


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return `debug` and, for someone signed in, `bell` with the socket's starting points."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"debug": settings.DEBUG, "bell": None}
    state = Inbox.state_of(user.pk)
    # A session that did not begin with a login through allauth gets its mark on its first page.
    since = request.session.setdefault(SESSION_MARK, state.seq)
    return {
        "debug": settings.DEBUG,
        "bell": {
            # With the date of joining: an id alone comes back after a database was made anew.
            "user_key": f"{user.pk}-{int(user.date_joined.timestamp())}",
            "since": since,
            **state._asdict(),
        },
    }
