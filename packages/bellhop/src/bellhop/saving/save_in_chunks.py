"""Saves a notification for many people, as many at a time as may be locked together, and has it numbered and rung.

What their inboxes refuse is counted, and not saved (preferences.decide).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import batched
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import IntegrityError
from django.utils import timezone

from bellhop.logs import get_logger
from bellhop.models import Notification, write_database
from bellhop.preferences.decide import decide
from bellhop.preferences.language import languages_of
from bellhop.preferences.refusals import count_refused
from bellhop.saving.after_commit import number_after_commit, number_and_tell
from bellhop.saving.number import number
from bellhop.saving.save_rows import Own, save_unnumbered, save_with_next_seq
from bellhop.saving.savepoint import shielded
from bellhop.saving.tell import tell

log = get_logger(__name__)


class Outcome(NamedTuple):
    """The rows that are stored now, in ascending recipient id, and the ids of those whose inboxes refused theirs."""

    rows: list[Notification]
    refused: list[Any]


def save_in_chunks(people: Mapping[Any, Any], columns: dict[str, Any], *, chunk: int) -> Outcome:
    """Save a notification of these columns (saving.check_arguments) for each of the users, given by ascending id.

    `chunk` of them at a time; outside of a transaction each chunk is committed by itself. In neither list: a user who
    has been deleted meanwhile. Raises DatabaseError, with the chunks before saved.
    """
    outcome = Outcome([], [])
    # batched() takes memory for a whole batch at once, however few are in it.
    for user_ids in batched(people, min(chunk, len(people) or 1)):
        languages = languages_of({user_id: people[user_id] for user_id in user_ids})
        inside = write_database.connection().in_atomic_block
        save = _save_inside if inside else _save_outside
        rows, refused = save(user_ids, languages, columns)
        rows.sort(key=attrgetter("recipient_id"))
        if refused:
            count_refused(refused, columns["kind"], timezone.now())
        if len(rows) + len(refused) < len(user_ids):
            gone = sorted(set(user_ids) - {row.recipient_id for row in rows} - set(refused))
            log.info("recipients_deleted", users=gone, kind=columns["kind"])
        outcome.rows.extend(rows)
        outcome.refused.extend(refused)
    return outcome


def _save_inside(
    user_ids: Sequence[Any], languages: Mapping[Any, str], columns: dict[str, Any]
) -> Outcome:
    """Save in the caller's transaction, without a number, and have it numbered and rung after the commit.

    Two savepoint queries and two, with a `key` that somebody had one more.
    """
    with shielded():
        keeping = _keeping(user_ids, languages, columns)
        saved = save_unnumbered(keeping, **columns)
        known = _known(user_ids, columns, saved.rows)
    if saved.rows:
        number_after_commit(saved.rows, saved.transaction_id)
    return _outcome(user_ids, keeping, [*saved.rows, *known])


def _save_outside(
    user_ids: Sequence[Any], languages: Mapping[Any, str], columns: dict[str, Any]
) -> Outcome:
    """Save, number and ring at once, in one statement; where that passes somebody over, in two more."""
    keeping = _keeping(user_ids, languages, columns)
    rows: list[Notification] = []
    if columns["key"] is None:
        # Somebody is deleted, or saves a row past notify(), just now: the other way sorts it out.
        with suppress(IntegrityError):
            rows = save_with_next_seq(keeping, **columns)
        if rows:
            tell(rows)
    had = {row.recipient_id for row in rows}
    left = {user_id: own for user_id, own in keeping.items() if user_id not in had}
    saved = save_unnumbered(left, **columns).rows
    known = _known([user_id for user_id in user_ids if user_id not in had], columns, saved)
    if saved:
        number_and_tell(saved)
    # Whoever saved it is about to number and ring it, or has died; then it is the beat that rings.
    if unnumbered := [row for row in known if row.seq is None]:
        numbers = number([row.pk for row in unnumbered])
        for row in unnumbered:
            row.seq = numbers.get(row.pk)
    return _outcome(user_ids, keeping, [*rows, *saved, *known])


def _keeping(
    user_ids: Sequence[Any], languages: Mapping[Any, str], columns: dict[str, Any]
) -> dict[Any, Own]:
    """Return who does not refuse it, and what their rows have of their own. One query, or none."""
    decisions = decide(user_ids, columns["kind"], timezone.now())
    return {
        user_id: Own(languages[user_id], decision.toast, decision.desktop, decision.in_storm)
        for user_id, decision in decisions.items()
        if decision.keeps
    }


def _outcome(
    user_ids: Sequence[Any], keeping: Mapping[Any, Own], rows: list[Notification]
) -> Outcome:
    # Who had it already has refused nothing: a repeat with the same key is no second one.
    had = {row.recipient_id for row in rows}
    return Outcome(rows, [each for each in user_ids if each not in keeping and each not in had])


def _known(
    user_ids: Sequence[Any], columns: dict[str, Any], saved: Sequence[Notification]
) -> list[Notification]:
    """Return the rows of those who had one with that key, in one query where there can be any."""
    if columns["key"] is None or len(saved) == len(user_ids):
        return []
    had = {row.recipient_id for row in saved}
    rows = Notification.objects.using(write_database.alias()).filter(key=columns["key"])
    return list(rows.filter(recipient__in=[each for each in user_ids if each not in had]))
