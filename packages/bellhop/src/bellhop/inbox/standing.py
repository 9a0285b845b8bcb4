"""Where a person stands, found at once however much is unread."""

from typing import Any, Final

from bellhop.models import Inbox, InboxState

MANY: Final = 500
"""Unread notifications from which on it is noted how many they are."""


def standing(user_id: Any) -> InboxState:
    """Return where the user stands: one query, and one more where many unread ones had to be counted."""
    state, counted = Inbox.look(user_id)
    if counted > MANY:
        Inbox.count_unread(user_id, state)
    return state
