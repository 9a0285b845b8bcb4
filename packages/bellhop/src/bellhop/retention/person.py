"""What the package has stored about one person: all of it to read, or gone."""

from collections.abc import Iterator
from itertools import batched
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from bellhop import frame_from_row
from bellhop.logs import get_logger
from bellhop.models import Inbox, Notification, Preferences, Refusal, SearchChunk, write_database
from bellhop.retention.batches import AT_ONCE, delete_batch

log = get_logger(__name__)

AHEAD: Final = 10_000
"""Rows whose ids are fetched at once, to be deleted."""

_dumps: Final = DjangoJSONEncoder(ensure_ascii=False, allow_nan=False).encode


def export(user: AbstractBaseUser) -> Iterator[str]:
    """Yield one JSON object with all that is stored about the user, a piece at a time, each notification on a line.

    `preferences` (null: nothing was chosen), `refused` by kind, the counters of the `inbox`, and `notifications` in the
    order of their seq: each with its columns, `data` exactly as the database has it, and as `shown` the message and the
    body that people read. Memory does not grow with their number, behind any pooler: AT_ONCE are read by one query.
    What comes while it is written is in it or not. Raises DatabaseError.
    """
    alias, key = write_database.alias(), user.pk
    seq, rev, unread, seen = Inbox.state_of(key)
    chosen = Preferences._default_manager.using(alias).filter(pk=key).first()
    refused = Refusal._default_manager.using(alias).filter(user=key).order_by("kind")
    facts = {
        "user": str(key),
        "exported_at": timezone.now(),
        "inbox": {"last_seq": seq, "rev": rev, "unread": unread, "seen_seq": seen},
        "preferences": None if chosen is None else _columns(chosen, besides={"user"}),
        "refused": list(refused.values("kind", "count", "latest")),
    }
    yield f'{_dumps(facts)[:-1]}, "notifications": ['
    separator = "\n"
    for row in _rows(key):
        yield separator + _written(row)
        separator = ",\n"
    yield "\n]}\n"


def erase(user: AbstractBaseUser) -> int:
    """Delete the user's notifications, preferences and refusals; return how many notifications that were.

    Open pages drop them within a second of each commit: AT_ONCE go in one transaction, unless the caller has one open.
    The inbox's counters stay, so that what comes later is no repeat of what a browser knows; so do, as after any
    deletion, the ids of the last few that were deleted. What breaks off is finished by a repeat. Raises DatabaseError.
    """
    alias, key, done = write_database.alias(), user.pk, 0
    while ids := list(_of(key).order_by().values_list("pk", flat=True)[:AHEAD]):
        for some in batched(ids, AT_ONCE):
            done += delete_batch(some)
    with write_database.atomic():
        # Their words went with the notifications; these are the places where they stood.
        SearchChunk.of(key).delete()
        Preferences._default_manager.using(alias).filter(pk=key).delete()
        Refusal._default_manager.using(alias).filter(user=key).delete()
    log.info("person_erased", user=key, count=done)
    return done


def _of(key: Any) -> Any:
    return Notification.objects.using(write_database.alias()).filter(recipient=key)


def _rows(key: Any) -> Iterator[Notification]:
    """Yield the user's notifications, those that wait for their number last."""
    rows = _of(key).annotate(data_as_text=Cast("data", TextField()))
    after = 0
    # Not by a cursor on the server, which a pooler between two transactions does not keep.
    while some := list(rows.filter(seq__gt=after).order_by("seq")[:AT_ONCE]):
        yield from some
        after = some[-1].seq
    yield from rows.filter(seq=None).order_by("created", "pk")


def _written(row: Any) -> str:
    shown = frame_from_row.fields(row)
    # As text from the database: Python would lose digits of its numbers.
    facts = _columns(row, besides={"recipient", "data"})
    facts["shown"] = {"message": shown["message"], "body": shown["body"]}
    return f'{_dumps(facts)[:-1]}, "data": {row.data_as_text}}}'


def _columns(row: Any, *, besides: set[str]) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {
        field.name: getattr(row, field.attname) for field in fields if field.name not in besides
    }
