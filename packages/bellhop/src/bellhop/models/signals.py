"""The models' own signal: an inbox has changed. It keeps the models below whatever reacts to a change."""

from typing import Final

from django.dispatch import Signal

inbox_changed: Final = Signal()
"""A user's rev has risen and that is committed: something was read, un-read, archived or deleted.

Sent by Inbox.raise_revs(), once for each user and change, in the thread that committed, with `user_id`; the sender is
the model Inbox. An error of a receiver is logged and stops neither the other receivers nor the caller. A request waits
for the receivers: they must not block.
"""
