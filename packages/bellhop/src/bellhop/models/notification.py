"""One row for each notification to each recipient. Its rules are constraints of the database."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from bellhop.models import write_database
from bellhop.models.deleting import summaries
from bellhop.models.deleting.removal import Removal
from bellhop.models.facts_field import FactsField
from bellhop.models.inbox import Inbox
from bellhop.models.searching.chunk import SearchChunk

COUNTED: Final = 2**53 - 1
"""The highest seq that is counted on from: a browser's whole numbers end there; after a bigint's last comes none."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications whose making and deleting, also past notify(), is told to their recipients' inboxes."""

    def unread(self) -> Self:
        """Return those that the bell counts: numbered, and neither read nor archived."""
        return self.filter(seq__isnull=False, read_at=None, archived_at=None)

    def count_in_inboxes(self, user_ids: Collection[Any]) -> None:
        """Raise each user's last_seq to the highest seq that is stored: rows saved past notify() may lie anywhere.

        One query. Needs the inboxes locked: an insert under a seq that is not counted would meet such a row, and a
        socket that has shown it would take what is counted below it for shown.
        """
        alias = write_database.alias()
        stored = self.model._default_manager.using(alias)
        rows = stored.filter(recipient=OuterRef("pk"), seq__lte=COUNTED)
        highest = Subquery(rows.order_by("-seq").values("seq")[:1])
        inboxes = Inbox._default_manager.using(alias).filter(pk__in=user_ids)
        counted = {"counted_seq": 0, "counted_unread": 0}
        inboxes.update(last_seq=Greatest("last_seq", Coalesce(highest, 0)), **counted)

    def bulk_create(self, objs: Iterable["Notification"], *args: Any, **options: Any) -> Any:
        """Save the rows as Django does; their recipients' inboxes count them. Three queries more than Django's."""
        rows = list(objs)
        with _counted(rows):
            return super().bulk_create(rows, *args, **options)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows as Django does; open pages drop them within a second of the commit."""
        with _removing(self) as those:
            return super(NotificationQuerySet, those).delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Notification(models.Model):
    """One notification to one recipient. It exists, complete, once its row is committed.

    The row keeps facts (`kind`, `data`, and `message` where a caller wrote one); bellhop.frame_from_row
    makes message and frame from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    seq = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="1, 2, 3… per recipient, in the order of commit; empty until right after that.",
    )
    key = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        help_text="Makes notify() idempotent per recipient; empty: every call is a new notification.",
    )
    kind = models.CharField(max_length=50, default="message")
    message = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.TextField(blank=True)
    data = FactsField(default=dict, blank=True)
    created = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    rev = models.BigIntegerField(
        default=0,
        help_text="The inbox's rev at this row's last change; 0: never changed.",
    )
    request_id = models.CharField(
        max_length=200,
        blank=True,
        help_text="Of the request that caused it: follow it in the logs.",
    )
    thread = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="What belongs together, e.g. everything about one order.",
    )
    language = models.CharField(
        max_length=35,
        blank=True,
        default="",
        db_default="",
        help_text="In which its kind's words are made; empty: LANGUAGE_CODE.",
    )
    toast = models.BooleanField(
        default=True, db_default=True, help_text="False: it shall only be listed."
    )
    desktop = models.BooleanField(
        default=False, db_default=False, help_text="Whether the desktop may tell of it, too."
    )
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="From then on it is withdrawn; empty: never."
    )
    updated_rev = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="The inbox's rev at the last change of what it says; 0: it says what it said first.",
    )
    unarchived_rev = models.BigIntegerField(
        default=0,
        db_default=0,
        help_text="The inbox's rev when it was last taken out of the archive; 0: never.",
    )
    in_storm = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It came when more of its kind came than are told: a summary tells of it.",
    )
    summary = models.UUIDField(
        null=True,
        blank=True,
        help_text="The summary that tells of it; empty: none does, or none yet.",
    )
    sums_up = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of a summary: how many it tells of."
    )

    is_refused = False
    """True of what notify() returns where the recipient's inbox has refused it: then it is in no database."""

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also the index of the catch-up (seq > cursor, ascending) and of the list (descending).
            models.UniqueConstraint(fields=["recipient", "seq"], name="bellhop_one_per_seq"),
            models.UniqueConstraint(fields=["recipient", "key"], name="bellhop_one_per_key"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="bellhop_seq_counts_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "seq"],
                condition=Q(read_at=None, archived_at=None),
                name="bellhop_unread",
            ),
            # Nearly always empty: what waits for its number.
            models.Index(fields=["recipient"], condition=Q(seq=None), name="bellhop_unnumbered"),
            models.Index(
                fields=["recipient", "rev"],
                condition=Q(rev__gt=0),
                name="bellhop_changes",
            ),
            # What was told in the last minute (preferences.decide).
            models.Index(
                fields=["recipient", "kind", "created"],
                condition=Q(toast=True),
                name="bellhop_told",
            ),
            models.Index(fields=["key"], condition=Q(key__isnull=False), name="bellhop_keyed"),
            # What is due (bellhop.due), and what belongs to a summary.
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="bellhop_expiring",
            ),
            models.Index(
                fields=["recipient", "kind"],
                condition=Q(in_storm=True, summary=None),
                name="bellhop_to_sum_up",
            ),
            # Each list of a person's, whole, by kind and by thread (bellhop.inbox.views).
            models.Index(
                fields=["recipient", "seq"], condition=Q(archived_at=None), name="bellhop_listed"
            ),
            models.Index(
                fields=["recipient", "seq"],
                condition=Q(archived_at__isnull=False),
                name="bellhop_archived",
            ),
            models.Index(
                fields=["recipient", "kind", "seq"],
                condition=Q(archived_at=None),
                name="bellhop_listed_kinds",
            ),
            models.Index(
                fields=["recipient", "kind", "seq"],
                condition=Q(read_at=None, archived_at=None),
                name="bellhop_unread_kinds",
            ),
            models.Index(
                fields=["recipient", "kind", "seq"],
                condition=Q(archived_at__isnull=False),
                name="bellhop_archived_kinds",
            ),
            models.Index(
                fields=["recipient", "thread", "seq"],
                condition=~Q(thread=""),
                name="bellhop_threads",
            ),
            models.Index(
                fields=["summary"], condition=Q(summary__isnull=False), name="bellhop_summed_up"
            ),
        ]
        ordering = ["-seq"]

    def __str__(self) -> str:
        which = ", refused," if self.is_refused else f" {self.seq}"
        return f"{self.kind}{which} to user {self.recipient_id}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row; a new one is counted in its recipient's inbox, though it has come past notify().

        Three queries more than Django's for a new row. ValueError for a seq beyond COUNTED.
        """
        with _counted([self]) if self._state.adding else nullcontext():
            super().save(*args, **options)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row as Django does; open pages drop it within a second of the commit."""
        with _removing(Notification.objects.filter(pk=self.pk)):
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]


@contextmanager
def _counted(rows: Collection[Notification]) -> Iterator[None]:
    """Lock the rows' inboxes, let the caller save the rows, and count them. ValueError for a seq beyond COUNTED.

    Rows without a seq are left alone: a socket server's beat, or the next notify(), gives them one.
    """
    rows = [row for row in rows if row.seq is not None]
    for row in rows:
        if isinstance(row.seq, int) and row.seq > COUNTED:
            raise ValueError(f"seq {row.seq}: more than a browser counts, and no room for another")
    user_ids = {row.recipient_id for row in rows if row.recipient_id is not None}
    with write_database.atomic() if user_ids else nullcontext():
        if user_ids:
            Inbox.lock_all(user_ids)
        yield
        if user_ids:
            Notification.objects.count_in_inboxes(user_ids)
            SearchChunk.forget([(row.recipient_id, row.seq) for row in rows if row.seq is not None])


@contextmanager
def _removing(rows: NotificationQuerySet) -> Iterator[NotificationQuerySet]:
    """Lock the rows' inboxes and yield those that are still there, for the caller to delete; then note them as removed.

    A user's rev rises once, however many of their rows go. A summary that tells of some of them counts down, and goes
    with the last.
    """
    with write_database.atomic():
        rows = rows.using(write_database.alias())
        locked = set(rows.order_by().values_list("recipient_id", flat=True).distinct())
        Inbox.lock_all(list(locked))
        found = [
            row
            for row in rows.order_by().values_list("pk", "recipient_id", "summary")
            if row[1] in locked
        ]
        stored = Notification.objects.using(write_database.alias())
        told = {pk: summary for pk, _, summary in found}
        left = summaries.left_after(told, stored.filter(recipient__in=locked))
        yield stored.filter(pk__in=[pk for pk, _, _ in found])
        empty = [(pk, user_id) for pk, (user_id, remaining) in left.items() if not remaining]
        if empty:
            # Past the queryset's own, which is under way.
            super(NotificationQuerySet, stored.filter(pk__in=[pk for pk, _ in empty])).delete()
        removed = [*((pk, user_id) for pk, user_id, _ in found), *empty]
        if removed:
            revs = Inbox.raise_revs(sorted({user_id for _, user_id in removed}))
            summaries.set_counts({pk: each for pk, each in left.items() if each[1]}, revs)
            Removal.note(removed, revs)
