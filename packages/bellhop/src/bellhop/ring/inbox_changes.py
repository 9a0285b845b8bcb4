"""Tells a user's sockets that something was read, un-read, archived or deleted."""

from typing import Any

from django.dispatch import receiver

from bellhop.models.signals import inbox_changed
from bellhop.ring import publish_thread


@receiver(inbox_changed)
def ring_changes(user_id: Any, rev: int, **_: Any) -> None:
    """Queue one ring for the user whose inbox has changed. Does not block; without room the beat tells it."""
    publish_thread.ring_changes(user_id, rev)
