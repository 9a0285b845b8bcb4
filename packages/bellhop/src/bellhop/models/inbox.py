"""One row of counters for each recipient, and the lock under which everything that happens to them is ordered."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from bellhop.models import inbox_sql, user_key, write_database
from bellhop.models.signals import inbox_changed


class InboxState(NamedTuple):
    """Where a recipient stands: latest seq and rev, number of unread notifications, the highest seq they have seen."""

    seq: int
    rev: int
    unread: int
    seen: int = 0


class Lost(NamedTuple):
    """The numbers of a history that a restored backup does not hold: above `seq` (revs: above `rev`), below `until`.

    Who knows one of them has heard of what is no more. None without a restore: all three are 0.
    """

    seq: int = 0
    rev: int = 0
    until: int = 0

    def has_seq(self, seq: int | None) -> bool:
        """Return whether it is the seq of a notification that is no more."""
        return seq is not None and self.seq < seq < self.until

    def has_rev(self, rev: int | None) -> bool:
        """Return whether it is the rev of a change that is no more."""
        return rev is not None and self.rev < rev < self.until


class Inbox(models.Model):
    """A recipient's counters. Locking the row orders everything that happens to that recipient.

    ``last_seq`` counts notifications, ``rev`` counts changes to them (read, unread, archive, seen). Both are
    taken under this row's lock, so a reader who sees n also sees everything below n: with a
    serial id, 105 could commit before 104.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    last_seq = models.BigIntegerField(default=0)
    rev = models.BigIntegerField(default=0)
    seen_seq = models.BigIntegerField(
        default=0, db_default=0, help_text="The highest seq that its person has seen."
    )
    # Of a long inbox, so that fifty thousand are not counted at every look: how many were unread up to counted_seq. It
    # is so as long as rev is counted_rev; then only those above are counted.
    counted_seq = models.BigIntegerField(default=0, db_default=0)
    counted_rev = models.BigIntegerField(default=0, db_default=0)
    counted_unread = models.BigIntegerField(default=0, db_default=0)
    # After a backup was restored: the last seq and rev that it held, and where both went on. What lies between may have
    # been given by the history that is no more.
    restored_seq = models.BigIntegerField(default=0, db_default=0)
    restored_rev = models.BigIntegerField(default=0, db_default=0)
    restored_until = models.BigIntegerField(default=0, db_default=0)

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
    def locked(cls, user_id: Any) -> "Inbox":
        """Return the user's inbox, made on first use, locked until the transaction ends.

        One query, three on first use. It waits for another transaction that holds the lock; DatabaseError where that
        takes longer than the connection's lock_timeout. Needs an open transaction (TransactionManagementError).
        Callers who lock several users take them in ascending id, or use `lock_all`.
        """
        inboxes = cls._default_manager.using(write_database.alias())
        locked = inboxes.select_for_update(no_key=True)
        inbox = locked.filter(pk=user_id).first()
        if inbox is None:
            inboxes.bulk_create([cls(user_id=user_id)], ignore_conflicts=True)
            inbox = locked.get(pk=user_id)
        return inbox

    @classmethod
    def lock_all(cls, user_ids: Collection[Any]) -> None:
        """Lock the users' inboxes, made on first use, in ascending id until the transaction ends. One query.

        Waits as `locked` does, and needs an open transaction, too. IntegrityError where one of the users is deleted in
        this very moment; users who do not exist are passed over.
        """
        with write_database.connection().cursor() as cursor:
            cursor.execute(
                inbox_sql.lock_all(), {"users": user_key.to_sql(sorted(user_ids)), "by": 0}
            )
            deleted = [user_id for (user_id,) in cursor.fetchall()]
        if deleted:
            # What their foreign key would say at the caller's commit, said while it can still be undone.
            raise IntegrityError(f"users were deleted just now: {sorted(deleted)}")

    @classmethod
    def raise_revs(cls, user_ids: Sequence[Any]) -> dict[Any, int]:
        """Raise the rev of inboxes that the caller has locked by one; return the new ones by user id. One query.

        After the commit `inbox_changed` is sent for each of them, in the order in which the users are given.
        """
        with write_database.connection().cursor() as cursor:
            cursor.execute(inbox_sql.raise_revs(), {"users": user_key.to_sql(user_ids)})
            revs = {user_key.from_sql(user_id): rev for user_id, rev in cursor.fetchall()}
        for user_id in user_ids:
            tell = partial(
                inbox_changed.send_robust, sender=cls, user_id=user_id, rev=revs[user_id]
            )
            transaction.on_commit(tell, using=write_database.alias())
        return revs

    @classmethod
    def state_of(cls, user_id: Any) -> InboxState:
        """Return the user's counters; zeros for a user who never had a notification. One query, no lock.

        Two queries would see different moments, and a bell that adds to a count must know up to which seq it counts.
        """
        return cls.look(user_id)[0]

    @classmethod
    def look(cls, user_id: Any) -> tuple[InboxState, int]:
        """Return what state_of() does, and how many rows were counted for it. One query."""
        with write_database.connection().cursor() as cursor:
            (key,) = user_key.to_sql([user_id])
            cursor.execute(inbox_sql.state_of(), {"user": key})
            seq, rev, unread, seen, known = cursor.fetchone()
        return InboxState(seq, rev, unread, seen), unread - known

    @classmethod
    def go_on_after_restore(cls) -> int:
        """Have every user's seq and rev go on above whatever was given before; return how many users. One query.

        For a database that was put back, before anybody is let at it. Once more does no harm.
        """
        with write_database.connection().cursor() as cursor:
            cursor.execute(inbox_sql.go_on_after_restore())
            return int(cursor.rowcount)

    @classmethod
    def count_unread(cls, user_id: Any, state: InboxState) -> None:
        """Note how many are unread, if the user still stands so and nobody holds their inbox. One query.

        The next looks count on from there. Changes of a row raise rev; past that (by an UPDATE of `read_at` in SQL) a
        trigger has all of them counted again.
        """
        with write_database.connection().cursor() as cursor:
            (key,) = user_key.to_sql([user_id])
            cursor.execute(inbox_sql.count_unread(), {"user": key, **state._asdict()})
