"""Finds notifications by their words: the newest in themselves, all others in chunks (bellhop.inbox.searching)."""

from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from bellhop.inbox.searching import chunks
from bellhop.inbox.searching.words import Wanted, words_of
from bellhop.models import NotificationQuerySet, user_key
from bellhop.models.searching.chunk import SIZE
from bellhop.models.write_database import connection


def seqs(
    user_id: Any,
    those: NotificationQuerySet,
    q: str,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int | None = None,
) -> list[int]:
    """Return the seqs of those of the user's notifications that have all words of `q`, as the beginnings of their own.

    `those` are rows of that user without an order (bellhop.inbox.views). Ascending with `after`, else newest first;
    bounds are exclusive. A `q` without a word finds nothing. Three queries, two for an inbox of less than a hundred;
    the first search of a long one makes its words first (chunks.make_ready). DatabaseError.
    """
    wanted = Wanted.of(q)
    if not wanted.words:
        return []
    ready = chunks.make_ready(user_id)
    bounded = between(those, before=before, after=after)
    found = set(_in_themselves(bounded, ready, wanted))
    if ready.end > 1:
        found |= set(_in_chunks(user_id, bounded, wanted, after is None, limit))
    return sorted(found, reverse=after is None)[:limit]


def between(
    those: NotificationQuerySet, *, before: int | None, after: int | None
) -> NotificationQuerySet:
    """Return those within the bounds, which are exclusive."""
    if after is not None:
        those = those.filter(seq__gt=after)
    if before is not None:
        those = those.filter(seq__lt=before)
    return those


def _in_themselves(those: NotificationQuerySet, ready: chunks.Ready, wanted: Wanted) -> list[int]:
    """Return the seqs of those in no chunk that have the words: the newest, mostly."""
    places = Q(seq__gte=ready.end)
    for start in ready.empty:
        places |= Q(seq__gte=start, seq__lt=start + SIZE)
    rows = those.filter(places).only(*chunks.TEXTS)
    return [row.seq for row in rows.iterator() if row.seq and wanted.are_in(words_of(row))]


def _in_chunks(
    user_id: Any,
    those: NotificationQuerySet,
    wanted: Wanted,
    newest_first: bool,
    limit: int | None,
) -> list[int]:
    """Return the seqs of the first of those in chunks that have the words.

    Chunks that have them are found by their index, which holds each person's words apart. They are gone through in
    order, and the notifications in each of them, until there are enough; a chunk without any of those is passed over.
    """
    mark = chunks.mark_of(user_id)
    of_chunk = " & ".join(f"'{mark}{word}':*" for word in wanted.words)
    of_row = " & ".join(f"'{word}':*" for word in wanted.words)
    order = "DESC" if newest_first else "ASC"
    # No joins: it would be free to begin with all of the person's notifications.
    sql, given = those.filter(seq=RawSQL("one.seq", ())).values("seq").query.sql_with_params()
    near = those.filter(seq__gte=RawSQL("chunk.start", ()), seq__lt=RawSQL("chunk.start + 100", ()))
    any_sql, any_given = near.values("seq")[:1].query.sql_with_params()
    first, first_given = those.order_by("seq").values("seq")[:1].query.sql_with_params()
    last, last_given = those.order_by("-seq").values("seq")[:1].query.sql_with_params()
    (key,) = user_key.to_sql([user_id])
    with connection().cursor() as cursor:
        cursor.execute(
            f"""
            SELECT one.seq
              FROM (SELECT start, seqs, documents FROM bellhop_find_words(%s::tsquery)
                     WHERE recipient_id = %s AND start + {SIZE} > ({first}) AND start <= ({last})
                     ORDER BY start {order} OFFSET 0) AS chunk
             CROSS JOIN LATERAL unnest(chunk.seqs, chunk.documents) AS one (seq, document)
             WHERE ({any_sql}) IS NOT NULL AND one.document @@ %s::tsquery AND ({sql}) IS NOT NULL
             ORDER BY chunk.start {order}, one.seq {order} LIMIT %s
            """,  # noqa: S608 - Django's own SQL
            [
                f"{of_chunk} | '{chunks.everything(mark)}'",
                key,
                *first_given,
                *last_given,
                *any_given,
                of_row,
                *given,
                limit,
            ],
        )
        return [seq for (seq,) in cursor.fetchall()]
