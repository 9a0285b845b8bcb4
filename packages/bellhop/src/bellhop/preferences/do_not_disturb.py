"""Do not disturb: until a moment that somebody chose just now, nothing is told that can wait."""

from datetime import datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from django.utils import timezone

from bellhop.preferences.choices import Choices
from bellhop.preferences.quiet_hours import aware, zone_exists

Length = Literal["hour", "morning"]

MORNING: Final = time(8)
"""When a morning begins, on the clocks of the zone that the person has chosen, else of Django's current one."""


def until(length: Length, choices: Choices, now: datetime) -> datetime:
    """Return when it ends: in an hour, or at the next MORNING. No query."""
    if length == "hour":
        return now + timedelta(hours=1)
    zone = ZoneInfo(choices.zone) if zone_exists(choices.zone) else timezone.get_current_timezone()
    today = aware(now).astimezone(zone).date()
    # The next day's where today's has passed; a clock change moves neither.
    mornings = [
        datetime.combine(today + timedelta(days=days), MORNING, tzinfo=zone) for days in (0, 1)
    ]
    return next(morning for morning in mornings if morning > aware(now))
