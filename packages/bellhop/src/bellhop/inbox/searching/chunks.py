"""Makes the words of a person's notifications ready to be searched, a chunk of them at a time."""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from bellhop.inbox.searching.words import words_of
from bellhop.models import Inbox, Notification, user_key, write_database
from bellhop.models.inbox_sql import table
from bellhop.models.searching.chunk import SIZE, start_of
from bellhop.models.write_database import connection

AT_ONCE: Final = 10
"""Chunks of one transaction, in which it holds the person's inbox: some tens of milliseconds."""

ROOM: Final = 800_000
"""Bytes of a chunk's words; a tsvector holds a million. With more it is looked through at every search."""

TEXTS: Final = ("id", "seq", "kind", "message", "body", "data", "language", "sums_up")
"""The columns that a notification's words are made of."""


class Ready(NamedTuple):
    """Which of a person's notifications have their words in chunks: those below `end`, but for `empty` chunks."""

    end: int
    empty: list[int]


def mark_of(user_id: Any) -> str:
    """Return what stands before each of a person's words in the index, so that nobody else's are met in it."""
    return hashlib.blake2b(str(user_id).encode(errors="surrogatepass"), digest_size=6).hexdigest()


def everything(mark: str) -> str:
    """Return the word of a chunk that has too many of them."""
    return f"{mark}*"


def make_ready(user_id: Any) -> Ready:
    """Make what is missing of the words of all complete chunks, AT_ONCE in a transaction; return what is there then.

    Once for a long inbox, at its first search; then there is mostly nothing to be made: one query. It waits for another
    transaction that holds the inbox (DatabaseError after the lock_timeout); rows that somebody changes just now are not
    waited for, their chunks stay empty.
    """
    last, ready = _look(user_id)
    tried: set[int] = set()
    while any(start not in tried for start in ready.empty) or _complete(last) >= ready.end:
        with write_database.atomic():
            Inbox.locked(user_id)
            last, ready = _look(user_id)
            starts = [start for start in ready.empty if start not in tried][:AT_ONCE]
            starts = starts or _following(user_id, ready.end, _complete(last))
            if not starts:
                break
            _make(user_id, starts)
        tried.update(starts)
        last, ready = _look(user_id)
    return ready


def _look(user_id: Any) -> tuple[int, Ready]:
    """Return the person's latest seq, and what is ready. One query."""
    with connection().cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COALESCE((SELECT last_seq FROM {table("inbox")} WHERE user_id = %(user)s), 0),
                   COALESCE((SELECT max(start) + {SIZE} FROM {table("searchchunk")} WHERE recipient_id = %(user)s), 1),
                   ARRAY(SELECT start FROM {table("searchchunk")}
                          WHERE recipient_id = %(user)s AND document IS NULL ORDER BY start)
            """,  # noqa: S608 - the names of our own tables
            {"user": _key(user_id)},
        )
        last, end, empty = cursor.fetchone()
    return last, Ready(end, empty)


def _complete(last: int) -> int:
    """Return the seq up to which all chunks are complete."""
    return last - last % SIZE


def _following(user_id: Any, end: int, complete: int) -> list[int]:
    """Return the next chunks that have any notifications, in ascending order."""
    stored = Notification.objects.using(write_database.alias())
    rows = stored.filter(recipient=user_id, seq__gte=end, seq__lte=complete).order_by("seq")
    seqs = rows.values_list("seq", flat=True)[: AT_ONCE * SIZE]
    return sorted({start_of(seq) for seq in seqs if seq is not None})[:AT_ONCE]


def _make(user_id: Any, starts: Sequence[int]) -> None:
    """Make these chunks. Needs the inbox locked: no row comes into them meanwhile."""
    stored = Notification.objects.using(write_database.alias())
    seqs = [seq for start in starts for seq in range(start, start + SIZE)]
    rows = stored.filter(recipient=user_id, seq__in=seqs).order_by("seq")
    there = dict.fromkeys(starts, 0)
    for seq in rows.values_list("seq", flat=True):
        there[start_of(seq or 0)] += 1
    # Whoever changes a row past the inbox's lock has it locked, or waits here for the chunk, which the trigger empties.
    locked = rows.select_for_update(no_key=True, skip_locked=True).only(*TEXTS)
    made = {
        start: list(some) for start, some in groupby(locked, key=lambda row: start_of(row.seq or 0))
    }
    values: list[Any] = []
    for start, count in there.items():
        some = made.get(start, [])
        values += _chunk(user_id, start, some) if len(some) == count else _empty(user_id, start)
    row = "(%s, %s, %s::bigint[], %s::text[]::tsvector[], %s::text::tsvector)"
    with connection().cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table("searchchunk")} (recipient_id, start, seqs, documents, document)
            VALUES {", ".join([row] * len(there))}
                ON CONFLICT (recipient_id, start) DO UPDATE
               SET seqs = EXCLUDED.seqs, documents = EXCLUDED.documents, document = EXCLUDED.document
            """,  # noqa: S608 - the names of our own tables
            values,
        )


def _chunk(user_id: Any, start: int, rows: Sequence[Notification]) -> list[Any]:
    mark = mark_of(user_id)
    words = [words_of(row) for row in rows]
    all_words = {f"{mark}{word}" for some in words for word in some}
    if sum(len(word.encode()) for word in all_words) > ROOM:
        all_words = {everything(mark)}
    seqs = [row.seq for row in rows]
    return [_key(user_id), start, seqs, [_document(some) for some in words], _document(all_words)]


def _empty(user_id: Any, start: int) -> list[Any]:
    return [_key(user_id), start, [], [], None]


def _document(words: Any) -> str:
    # A word has neither quotes nor backslashes.
    return " ".join(f"'{word}'" for word in words)


def _key(user_id: Any) -> Any:
    (key,) = user_key.to_sql([user_id])
    return key
