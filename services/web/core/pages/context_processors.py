"""The context of every page of this stack: whether this is development, and whether it sends mail."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def stack(request: HttpRequest) -> dict[str, Any]:
    """Return `debug` and `sends_mail`."""
    return {"debug": settings.DEBUG, "sends_mail": settings.SENDS_MAIL}
