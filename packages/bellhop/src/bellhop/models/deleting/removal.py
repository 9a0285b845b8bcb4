"""What remains of a deleted notification: enough to tell open pages that it is gone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from bellhop.contract import REPLAY_LIMIT
from bellhop.models import write_database

KEPT: Final = REPLAY_LIMIT + 1
"""Removals kept for each user, the latest. A page that has missed an older one has missed more than fit into a frame,
and fetches the list."""


class Removal(models.Model):
    """A notification that was deleted, and the rev of its recipient's inbox at that."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    notification_id = models.UUIDField()
    rev = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["recipient", "rev"], name="bellhop_removals")]

    def __str__(self) -> str:
        return f"{self.notification_id} of user {self.recipient_id}"

    @classmethod
    def note(cls, removed: Iterable[tuple[UUID, Any]], revs: Mapping[Any, int]) -> None:
        """Note notifications, given as (id, user id), as removed at their user's new rev; keep the KEPT latest of each.

        Two queries. Needs the users' inboxes locked.
        """
        noted: dict[Any, list[Removal]] = {user_id: [] for user_id in revs}
        for identity, user_id in removed:
            if len(noted[user_id]) < KEPT:
                row = cls(recipient_id=user_id, notification_id=identity, rev=revs[user_id])
                noted[user_id].append(row)
        removals = cls._default_manager.using(write_database.alias())
        removals.bulk_create([row for rows in noted.values() for row in rows])
        place = Window(
            RowNumber(), partition_by=F("recipient"), order_by=[F("rev").desc(), F("pk").desc()]
        )
        those = removals.filter(recipient__in=list(revs))
        surplus = those.annotate(place=place).filter(place__gt=KEPT)
        removals.filter(pk__in=surplus.values("pk")).delete()
