"""Notifications as notify() stores them, without the ring."""

from django.contrib.auth.models import User

from bellhop.models import Inbox, Notification


def add(user: User, count: int = 1, **columns: str) -> list[Notification]:
    inbox, _ = Inbox.objects.get_or_create(user=user)
    first = inbox.last_seq + 1
    inbox.last_seq += count
    inbox.save()
    return Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, **{"message": f"number {seq}", **columns})
        for seq in range(first, first + count)
    )
