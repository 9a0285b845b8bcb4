"""Hours in which nobody is told of anything that can wait: from one time of a wall clock to another."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from bellhop.logs import get_logger, once_a_minute

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `starts` until `ends`, over midnight where `ends` is the earlier one, on the clocks of `zone`.

    Where both are the same there are none. A wall clock decides, nothing else: an hour that a clock change skips is
    not there, and one that comes twice is quiet twice.
    """

    starts: time
    ends: time
    zone: str

    def hold_at(self, moment: datetime) -> bool:
        """Return whether it is quiet at that moment. A zone that is gone: never, and a line in the log."""
        zone = _zone(self.zone)
        if zone is None:
            once_a_minute(log.warning, "time_zone_gone", self.zone)
            return False
        now = aware(moment).astimezone(zone).time()
        if self.starts <= self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends


def aware(moment: datetime) -> datetime:
    """Return the moment with a zone; without one it is of Django's current one, as all are without USE_TZ."""
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def zone_exists(name: object) -> bool:
    """Return whether people may choose that time zone: one of the system's names, e.g. ``Europe/Berlin``."""
    return isinstance(name, str) and name in available_timezones() and _zone(name) is not None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except Exception:
        # A name that is no file, a file that is no zone, a path that leads elsewhere: each its own error.
        return None
