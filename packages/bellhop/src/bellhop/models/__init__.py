"""The truth: one row per notification, one inbox per recipient, what remains of deleted ones, people's choices, and the
words by which notifications are found.
"""

from bellhop.models.deleting.removal import Removal
from bellhop.models.due_work import DueWork
from bellhop.models.inbox import Inbox, InboxState, Lost
from bellhop.models.notification import Notification, NotificationQuerySet
from bellhop.models.people.preferences import Preferences, Refusal
from bellhop.models.searching.chunk import SearchChunk

__all__ = [
    "DueWork",
    "Inbox",
    "InboxState",
    "Lost",
    "Notification",
    "NotificationQuerySet",
    "Preferences",
    "Refusal",
    "Removal",
    "SearchChunk",
]
