"""Moments that rise with each call: by them rows of one transaction are put in order when they get their numbers."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

_STEP: Final = timedelta(microseconds=1)
"""What PostgreSQL tells apart."""

_lock: Final = threading.Lock()
_last = datetime.min.replace(tzinfo=UTC)


def next_moment() -> datetime:
    """Return the time, as Django has it, and in this process later than any that was returned before.

    Also where two calls come within a microsecond, or the clock was set back.
    """
    global _last
    with _lock:
        _last = max(_now(), _last + _STEP)
        moment = _last
    return moment if settings.USE_TZ else timezone.make_naive(moment)


def _now() -> datetime:
    now = timezone.now()
    # Without time zones Django gives the local time, which comes twice in the night of a clock change.
    return datetime.now(UTC) if timezone.is_naive(now) else now
