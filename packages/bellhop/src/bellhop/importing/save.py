"""Saves rows that were made elsewhere, under their recipients' next numbers, and rings for none of them.

They lie among the others as if they had always been there. An open tab hears of them by the beat, as of any row; so
a project imports before its pages have a bell.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from django.contrib.auth import get_user_model
from django.db import IntegrityError

from bellhop.models import Notification, write_database
from bellhop.saving.number import number

ATTEMPTS: Final = 3
"""Times that rows are tried where meanwhile a user was deleted, or somebody else saved one of them."""

Place = tuple[Any, str]
"""Recipient and key: what makes a notification the same one."""


class Known(NamedTuple):
    """Which of the asked recipients exist, and what they have already."""

    recipients: set[Any]
    places: set[Place]


def known(places: Collection[Place]) -> Known:
    """Return which of these recipients exist, and which of these notifications are there. Two queries."""
    alias = write_database.alias()
    users = get_user_model()._base_manager.using(alias)
    recipients = {user_id for user_id, _ in places}
    rows = Notification.objects.using(alias).filter(
        recipient__in=recipients, key__in=[key for _, key in places]
    )
    return Known(
        set(users.filter(pk__in=recipients).values_list("pk", flat=True)),
        {(user_id, str(key)) for user_id, key in rows.values_list("recipient_id", "key")},
    )


def save_without_ringing(rows: Sequence[Notification]) -> int:
    """Save rows that have a recipient, a key and no number; return how many were saved.

    One transaction: each is there with its number, in the order of `created`, or not at all. It waits for transactions
    that hold one of the inboxes. Passed over: those of users who are deleted just now, and those that somebody else
    saves just now. Raises DatabaseError.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with write_database.atomic():
                Notification.objects.using(write_database.alias()).bulk_create(rows)
                number([row.pk for row in rows])
            return len(rows)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        places = [(row.recipient_id, str(row.key)) for row in rows]
        found = known(places)
        rows = [
            row
            for row, place in zip(rows, places, strict=True)
            if place not in found.places and row.recipient_id in found.recipients
        ]
    raise AssertionError("unreachable")
