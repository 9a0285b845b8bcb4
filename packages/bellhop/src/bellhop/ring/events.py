"""What is published on the channel layer: an event for the group of one user's sockets, made of what is at hand.

Nothing here asks the database or blocks.
"""

from typing import Any

from bellhop import contract, frame_from_row
from bellhop.contract import user_group
from bellhop.models import Notification

Event = tuple[str, dict[str, Any]]
"""A group, and the message to it."""


def of_saved(row: Notification) -> Event:
    """Return the event that brings a saved, numbered notification to its recipient's sockets."""
    return user_group(row.recipient_id), {
        "type": contract.SEND_NOTIFICATION,
        "notification": frame_from_row.frame(row),
        "request_id": row.request_id,
    }


def of_changes(user_id: object, rev: int) -> Event:
    """Return the event that tells a user's sockets the latest rev: something was read, archived or deleted."""
    return user_group(user_id), {"type": contract.SEND_CHANGES, "rev": rev}


def of_ended_login(user_id: object) -> Event:
    """Return the event that has a user's sockets look whether their login session has ended."""
    return user_group(user_id), {"type": contract.CHECK_LOGIN}
