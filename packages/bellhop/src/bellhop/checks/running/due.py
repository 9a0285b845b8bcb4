"""Tries whether anybody looks after what is due: expiries, summaries, and what is kept no longer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import ProgrammingError
from django.db.models import Max, Q
from django.utils import timezone

from bellhop.checks.running.findings import Finding, missing, note, ok
from bellhop.conf import conf
from bellhop.database import missing_migrations
from bellhop.due import expire, sum_up
from bellhop.kinds import registry
from bellhop.models import DueWork, Notification, write_database

WITHIN: Final = timedelta(seconds=90)
"""How long ago somebody must have looked: a cron job each minute is enough."""

NOBODY: Final = (
    "due: nobody looks after what is due: start a Celery worker or manage.py bellhop_work"
)


def try_due() -> Iterator[Finding]:
    """Yield whether somebody has looked lately; nothing where migrations are missing, which the database's part says.

    Where nobody has, it is a note, but for a project in which something waits already, or is to be deleted some day.
    Raises DatabaseError.
    """
    now = timezone.now()
    alias = write_database.alias()
    try:
        tasks = DueWork._default_manager.using(alias).filter(name__in=[expire.TASK, sum_up.TASK])
        latest: datetime | None = tasks.aggregate(latest=Max("done_at"))["latest"]
    except ProgrammingError as error:
        if missing_migrations.are_missing_by(error):
            return
        raise
    # Two clocks: one may be ahead.
    if latest is not None and abs(now - latest) <= WITHIN:
        seconds = max(0, round((now - latest).total_seconds()))
        yield ok(f"due: somebody looks after what is due, {seconds} s ago")
        return
    rows = Notification.objects.using(alias)
    waits = Q(expires_at__lte=now - WITHIN) | (sum_up.UNTOLD & Q(created__lte=now - WITHIN))
    yield missing(NOBODY) if _is_kept_for_a_time() or rows.filter(waits).exists() else note(NOBODY)


def _is_kept_for_a_time() -> bool:
    asked: list[object] = [conf.KEEP_DAYS, conf.KEEP_NEWEST]
    asked += [limit for kind in registry.declared() for limit in (kind.keep, kind.keep_newest)]
    return any(limit is not None for limit in asked)
