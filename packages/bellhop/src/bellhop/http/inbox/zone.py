"""The time zone in which the inbox page tells days and times."""

import re
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

COOKIE: Final = "bellhop_zone"
"""Holds the name of the browser's own zone, which the page's script writes there."""

_NAME: Final = re.compile(r"(?!posix|right)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")


def zone_of(request: HttpRequest, chosen: str) -> Any:
    """Return the zone that the person has chosen, else the browser's own, else Django's current one."""
    for name in (chosen, request.COOKIES.get(COOKIE, "")):
        zone = _zone(name) if name else None
        if zone is not None:
            return zone
    return timezone.get_current_timezone()


def name_of(zone: Any) -> str:
    """Return the zone's name as a browser knows it; the empty string where it has none."""
    return str(getattr(zone, "key", "") or "")


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    """Return the zone of that name, whoever wrote it; None where there is none. Looking at all of them takes longer."""
    if len(name) > 64 or not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except Exception:
        # A name that is no file, a file that is no zone: each its own error.
        return None
