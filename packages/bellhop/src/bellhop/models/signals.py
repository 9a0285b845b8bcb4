"""The models' own signals: they keep the models below whatever reacts to a change."""

from typing import Final

from django.dispatch import Signal

inbox_changed: Final = Signal()
"""A user's rev has risen and that is committed: something was read, un-read, archived or deleted.

Sent by Inbox.raise_revs(), once for each user and change, in the thread that committed, with `user_id` and the new
`rev`; the sender is the model Inbox. An error of a receiver is logged and stops neither the other receivers nor the
caller. A request waits for the receivers: they must not block.
"""

notification_saved: Final = Signal()
"""A notification has been saved by notify() or notify_many(), is committed and has its number.

Sent once for each, in the thread that committed, with `notification`; the sender is the model Notification. Errors and
waiting: as above. Not sent where the process dies between commit and number; the notification is shown all the same.
"""
