"""The truth: one row per notification, one inbox per recipient. Their rules live in the database."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from operator import itemgetter
from typing import Any, Final, NamedTuple, Self

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from bellhop import contract
from bellhop.models import sql
from bellhop.models.removal import Removal
from bellhop.ring import publish_thread

COUNTED: Final = 2**53 - 1
"""The highest seq that is counted on from: a browser's whole numbers end there; after a bigint's last comes none."""


class FactsField(models.JSONField):
    """Django's JSONField, but one row that Python cannot read costs no query all the others.

    jsonb holds numbers of more digits, and deeper brackets, than Python's parser takes: such a row is empty here.
    """

    def deconstruct(self) -> Any:
        # The same column: no migration tells them apart.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return super().from_db_value(value, expression, connection)
        except (ValueError, RecursionError):
            return {}


class InboxState(NamedTuple):
    """Where a recipient stands: latest seq, latest rev, number of unread notifications."""

    seq: int
    rev: int
    unread: int


class Inbox(models.Model):
    """A recipient's counters. Locking the row orders everything that happens to that recipient.

    ``last_seq`` counts notifications, ``rev`` counts changes to them (read, unread, archive). Both are
    taken under this row's lock, so a reader who sees n also sees everything below n: with a
    serial id, 105 could commit before 104.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="inbox",
    )
    last_seq = models.BigIntegerField(default=0)
    rev = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "inboxes"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_seq__gte=0, rev__gte=0),
                name="bellhop_inbox_counts_from_zero",
            )
        ]

    def __str__(self) -> str:
        return f"inbox of user {self.user_id}"

    @classmethod
    def locked(cls, user_id: int) -> "Inbox":
        """Return the user's inbox, made on first use, locked until the transaction ends.

        Needs an open transaction. Callers who lock several users take them in ascending id.
        """
        locked = cls._default_manager.select_for_update(no_key=True)
        inbox = locked.filter(pk=user_id).first()
        if inbox is None:
            cls._default_manager.bulk_create([cls(user_id=user_id)], ignore_conflicts=True)
            inbox = locked.get(pk=user_id)
        return inbox

    @classmethod
    def lock_all(cls, user_ids: Collection[int]) -> None:
        """Lock the users' inboxes, made on first use, in ascending id until the transaction ends. One statement.

        Needs an open transaction. IntegrityError where one of them is deleted in this very moment.
        """
        with connection.cursor() as cursor:
            cursor.execute(sql.lock_all(), {"users": sorted(user_ids), "by": 0})
            _refuse_deleted([user_id for (user_id,) in cursor.fetchall()])

    @classmethod
    def count_rows(cls, user_ids: Collection[int]) -> None:
        """Raise each last_seq to the highest seq there is: rows saved past notify() may lie above it. One statement.

        Needs the locks: who inserts under a seq that is not counted would meet it, and a socket that has shown such a
        row would take what is counted below it for shown.
        """
        rows = Notification.objects.filter(recipient=OuterRef("pk"), seq__lte=COUNTED)
        highest = rows.order_by("-seq").values("seq")
        inboxes = cls._default_manager.filter(pk__in=user_ids)
        inboxes.update(last_seq=Greatest("last_seq", Coalesce(Subquery(highest[:1]), 0)))

    @classmethod
    def raise_revs(cls, user_ids: Sequence[int]) -> dict[int, int]:
        """Raise the rev of inboxes that are locked; return the new ones by user id. Their sockets hear of it after the
        commit.
        """
        those = cls._default_manager.filter(pk__in=user_ids)
        those.update(rev=F("rev") + 1)
        for user_id in user_ids:
            ring = partial(publish_thread.ring, contract.RING_CHANGES, user_id)
            transaction.on_commit(ring, robust=True)
        return dict(those.values_list("pk", "rev"))

    @classmethod
    def state_of(cls, user_id: int) -> InboxState:
        """Return the user's counters; zeros for someone who never had a notification. One statement.

        Two would see different moments, and a bell that adds to a count must know up to which seq it counts.
        """
        with connection.cursor() as cursor:
            cursor.execute(sql.state_of(), {"user": user_id})
            return InboxState(*cursor.fetchone())


def _refuse_deleted(user_ids: Collection[int]) -> None:
    """Raise what the foreign key would say at the caller's commit, while it can still be undone and tried again."""
    if user_ids:
        raise IntegrityError(f"users were deleted just now: {sorted(user_ids)}")


@contextmanager
def _counted(rows: Collection["Notification"]) -> Iterator[None]:
    """Let the inboxes count these rows, which are saved meanwhile, under their locks. ValueError beyond COUNTED."""
    for row in rows:
        if isinstance(row.seq, int) and row.seq > COUNTED:
            raise ValueError(f"seq {row.seq}: more than a browser counts, and no room for another")
    user_ids = {row.recipient_id for row in rows if row.recipient_id is not None}
    with transaction.atomic():
        Inbox.lock_all(user_ids)
        yield
        Inbox.count_rows(user_ids)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        """What the bell counts: neither read nor put away."""
        return self.filter(read_at=None, archived_at=None)

    def bulk_create(self, objs: Iterable["Notification"], *args: Any, **options: Any) -> Any:
        rows = list(objs)
        with _counted(rows):
            return super().bulk_create(rows, *args, **options)

    def save_to(self, user_ids: Sequence[int], **columns: Any) -> "list[Notification]":
        """Save the same notification to each user under their next seq; return the rows in ascending user id.

        A user who does not exist gets none. IntegrityError, and nothing saved, where in this very moment one is
        deleted or a row is saved past notify(). One statement, so that outside a transaction nothing else is under way
        while inboxes are locked.
        """
        created = timezone.now()
        values = {**columns, "data": json.dumps(columns["data"]), "created": created}
        with connection.cursor() as cursor:
            statement = sql.save_to(connection.in_atomic_block)
            cursor.execute(statement, {"users": sorted(user_ids), "by": 1, **values})
            found = cursor.fetchall()
        _refuse_deleted([user_id for id_, user_id, _ in found if id_ is None])
        rows = [
            Notification(id=id_, recipient_id=user_id, seq=seq, created=created, **columns)
            for id_, user_id, seq in sorted(found, key=itemgetter(1))
        ]
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias
        return rows

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows as Django does; open pages drop them within a second of the commit."""
        with _removing(self) as those:
            return super(NotificationQuerySet, those).delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


@contextmanager
def _removing(rows: NotificationQuerySet) -> Iterator[NotificationQuerySet]:
    """Delete what is yielded: those of the rows that are there once their inboxes are locked."""
    with transaction.atomic(savepoint=False):
        locked = set(rows.order_by().values_list("recipient_id", flat=True).distinct())
        Inbox.lock_all(list(locked))
        found = rows.order_by().values_list("pk", "recipient_id")
        removed = [(pk, user_id) for pk, user_id in found if user_id in locked]
        yield Notification.objects.filter(pk__in=[pk for pk, _ in removed])
        if removed:
            revs = Inbox.raise_revs(sorted({user_id for _, user_id in removed}))
            Removal.note(removed, revs)


class Notification(models.Model):
    """One notification to one recipient. It exists, complete, once its row is committed.

    The row keeps facts (`kind`, `data`, and `message` where a caller wrote one); bellhop.frame_from_row
    makes message and frame from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    seq = models.BigIntegerField(help_text="1, 2, 3… per recipient, in the order of commit.")
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
            models.Index(
                fields=["recipient", "rev"],
                condition=Q(rev__gt=0),
                name="bellhop_changes",
            ),
        ]
        ordering = ["-seq"]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq} to user {self.recipient_id}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row; a new one is counted in its recipient's inbox, though it has come past notify()."""
        with _counted([self]) if self._state.adding else nullcontext():
            super().save(*args, **options)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row as Django does; open pages drop it within a second of the commit."""
        with _removing(Notification.objects.filter(pk=self.pk)):
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
