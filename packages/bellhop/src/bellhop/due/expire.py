"""Withdraws notifications whose time is over."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from bellhop.due.batch import NOT_OURS, Batch
from bellhop.due.turns import BATCH, lock_free_inboxes, turn
from bellhop.models import Notification, write_database

TASK: Final = "expire"


def expire_some(now: datetime, held: Collection[Any] = ()) -> Batch:
    """Delete up to BATCH notifications that have expired, the oldest first, in a transaction of its own.

    They go as withdrawn ones do: rev rises once for each person, pages drop them. Those of people in `held` are passed
    over. Two queries where nothing is due, a dozen otherwise. Raises DatabaseError.
    """
    with turn(TASK) as is_ours:
        if not is_ours:
            return NOT_OURS
        stored = Notification.objects.using(write_database.alias())
        due = stored.filter(expires_at__lte=now).exclude(recipient__in=held)
        rows = list(due.order_by("expires_at").values_list("pk", "recipient_id")[:BATCH])
        if not rows:
            return Batch(0)
        free = lock_free_inboxes({user_id for _, user_id in rows})
        chosen = [pk for pk, user_id in rows if user_id in free]
        # Once more under the lock: its time may have been changed meanwhile.
        done = stored.filter(pk__in=chosen, expires_at__lte=now).delete() if chosen else (0, {})
        return Batch(
            done[1].get(Notification._meta.label, 0),
            held={user_id for _, user_id in rows if user_id not in free},
            is_last=len(rows) < BATCH,
        )
