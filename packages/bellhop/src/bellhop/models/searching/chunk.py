"""The words of a hundred consecutive notifications of one person, from which bellhop.inbox.search finds them."""

from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from bellhop.models import write_database

SIZE: Final = 100
"""Seqs of a chunk: 1 to 100, 101 to 200… The database's own functions (migration 0008) have the same figure."""


def start_of(seq: int) -> int:
    """Return the first seq of the chunk that a seq belongs to."""
    return seq - (seq - 1) % SIZE


class SqlColumn(models.Field):  # type: ignore[type-arg]
    """A column that is read and written by SQL alone, of a type that Django has no field for without one more app."""

    def __init__(self, sql: str, **options: Any) -> None:
        self.sql = sql
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, [self.sql, *args], options

    def db_type(self, connection: Any) -> str:
        return self.sql


class SearchChunk(models.Model):
    """The words of a person's notifications with the seqs `start` to `start` + SIZE - 1.

    It holds nothing of its own, and is made when somebody searches. Where one of its notifications comes, goes or says
    something else, it is emptied in the same transaction (`document` is NULL), by triggers of the database and by
    `forget`, and made anew at the next search.
    """

    # The database deletes it with the user: a program of the release before, which does not know it, could not.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    start = models.BigIntegerField()
    seqs = SqlColumn("bigint[]")
    documents = SqlColumn("tsvector[]", help_text="The words of each, in the order of `seqs`.")
    document = SqlColumn(
        "tsvector", null=True, help_text="The words of all, behind the mark of their person."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "start"], name="bellhop_one_per_start")
        ]
        indexes = [
            models.Index(
                fields=["recipient", "start"],
                condition=Q(document__isnull=True),
                name="bellhop_words_to_be_made",
            )
        ]

    def __str__(self) -> str:
        return f"words of user {self.recipient_id} from {self.start}"

    @classmethod
    def of(cls, user_id: Any) -> "models.QuerySet[SearchChunk]":
        """Return the user's chunks."""
        return cls._default_manager.using(write_database.alias()).filter(recipient=user_id)

    @classmethod
    def forget(cls, places: Collection[tuple[Any, int]]) -> None:
        """Empty the chunks of notifications, given by (user id, seq), that came past notify(). One query."""
        those = Q()
        for user_id, start in {(user_id, start_of(seq)) for user_id, seq in places}:
            those |= Q(recipient=user_id, start=start)
        chunks = cls._default_manager.using(write_database.alias())
        chunks.filter(those).update(seqs=[], documents=[], document=None)
