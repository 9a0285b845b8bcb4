"""What a person has chosen about notifications, and how often that kept one out of their inbox."""

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """One person's choices, where they differ from what their kinds' declarations say. No row: nothing was chosen.

    `bellhop.preferences` reads and writes them, and knows what they mean. A choice about a kind that is gone stays, and
    does nothing.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    channels = models.JSONField(
        default=dict, blank=True, help_text='{"order": {"inbox": true, "toast": false}}'
    )
    muted = models.JSONField(
        default=dict,
        blank=True,
        help_text='Until when, by kind; "*" is every kind: {"order": "2026-11-27T18:00:00+00:00"}',
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, default="")
    do_not_disturb_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then everything is only listed; empty: not now."
    )

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences of user {self.user_id}"


class Refusal(models.Model):
    """How many notifications of a kind a person's inbox has refused: they were not stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=50)
    count = models.BigIntegerField(default=0)
    latest = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="bellhop_one_refusal_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.count} of {self.kind} refused by user {self.user_id}"
