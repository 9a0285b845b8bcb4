"""One line in the admin's log for what was done to many at once."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from bellhop.models import Notification


def note(request: HttpRequest, flag: int, what: str, message: Any) -> None:
    """Write that the request's user did that. Two queries at most; raises DatabaseError."""
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(Notification),
        # Of many: there is no page for them all.
        object_id=None,
        object_repr=what[:200],
        action_flag=flag,
        change_message=message,
    )
