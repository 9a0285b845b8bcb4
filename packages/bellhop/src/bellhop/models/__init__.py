"""The truth: one row per notification, one inbox per recipient, and what remains of deleted notifications."""

from bellhop.models.inbox import Inbox, InboxState
from bellhop.models.notification import Notification, NotificationQuerySet
from bellhop.models.removal import Removal

__all__ = ["Inbox", "InboxState", "Notification", "NotificationQuerySet", "Removal"]
