"""What the programs of a project that has things due do, and what must be so afterwards, whoever died meanwhile."""

from functools import partial
from typing import Any

from rows import waiting
from rows.checks.project import Project, server_connection

PATIENCE = 60.0

PEOPLE = 40

MAKE_DUE = f"""
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from bellhop.models import DueWork, Inbox, Notification, Removal
User.objects.all().delete()
DueWork.objects.all().delete()
people = User.objects.bulk_create(User(username=f"u{{n}}") for n in range({PEOPLE}))
now = timezone.now()
for person in people:
    Notification.objects.bulk_create(
        Notification(recipient=person, seq=seq, kind="message", message="x",
                     expires_at=now if seq <= 50 else None, toast=seq <= 50, in_storm=seq > 50)
        for seq in range(1, 91))
tell(len(people))
"""
"""Of each person 50 have expired, and 40 came in a storm."""

HOW_IT_IS = """
from collections import Counter
from bellhop.models import Inbox, Notification, Removal
rows = Notification.objects
removed = Counter(Removal.objects.values_list("notification_id", flat=True))
summaries = rows.filter(sums_up__isnull=False)
tell({
    "expired left": rows.exclude(expires_at=None).count(),
    "untold left": rows.filter(in_storm=True, summary=None).count(),
    "removed": len(removed), "removed twice": sum(count > 1 for count in removed.values()),
    "told of": sum(summaries.values_list("sums_up", flat=True)),
    "wrong counts": [
        str(each.pk) for each in summaries if each.sums_up != rows.filter(summary=each.pk).count()],
    "people with two": sum(count > 1 for count in Counter(summaries.values_list("recipient")).values()),
    "seqs": sorted(set(summaries.values_list("seq", flat=True))),
    "revs below a change": sum(
        rows.filter(recipient=inbox.pk, rev__gt=inbox.rev).exists() for inbox in Inbox.objects.all()),
})
"""

ALL_DONE_ONCE = {
    "expired left": 0,
    "untold left": 0,
    "removed": PEOPLE * 50,
    "removed twice": 0,
    "told of": PEOPLE * 40,
    "wrong counts": [],
    "people with two": 0,
    "seqs": [91],
    "revs below a change": 0,
}


until = partial(waiting.until, patience=PATIENCE)
"""As everywhere; programs start before it happens."""


def asked(project: Project, question: str) -> Any:
    """Return the one value that the project's database answers."""
    with server_connection(project.database["NAME"]) as server:
        row = server.execute(question).fetchone()
        assert row is not None
        return row[0]


def count_due(project: Project) -> int:
    """Return how much is due and not done."""
    return int(
        asked(
            project,
            "SELECT count(*) FROM bellhop_notification"
            " WHERE expires_at IS NOT NULL OR (in_storm AND summary IS NULL)",
        )
    )
