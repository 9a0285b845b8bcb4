from django.conf import settings
from django.db import models


class Notification(models.Model):
    """What the shop called notifications before: letters to print."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    address = models.TextField()

    def __str__(self):
        return f"letter to {self.user}"
