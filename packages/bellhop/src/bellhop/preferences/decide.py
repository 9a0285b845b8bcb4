"""What becomes of a notification that is on its way to somebody: refused, only listed, or told."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from bellhop.kinds import registry
from bellhop.kinds.kind import Kind
from bellhop.models import user_key
from bellhop.models.inbox_sql import table
from bellhop.models.write_database import connection
from bellhop.preferences.choices import EVERY, Choices, effective, from_columns, muted_until

STORM: Final = timedelta(minutes=1)
"""In which no more of a kind are told than Kind.at_most."""

_AHEAD: Final = timedelta(seconds=1)
"""How far another process's clock may be ahead. What seems to come from later was saved before a clock was set back."""

_NOTHING_CHOSEN: Final = Choices()


class _Columns(NamedTuple):
    """Of a row of Preferences: cheaper than the model."""

    channels: dict[str, Any]
    muted: dict[str, Any]
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str
    do_not_disturb_until: datetime | None


class Decision(NamedTuple):
    """What one person's inbox does with a notification; by default it lists and tells it."""

    keeps: bool = True
    toast: bool = True
    desktop: bool = False
    in_storm: bool = False
    """It is not told of because too many of its kind were just now: a summary will be."""


def decide(user_ids: Sequence[Any], kind_name: str, now: datetime) -> dict[Any, Decision]:
    """Return what each of them gets of a notification of that kind at that moment.

    An inbox refuses what the person has muted, or does not want in the list. In quiet hours, and while the person does
    not want to be disturbed, only what is of high importance, or cannot be muted, is told. Nothing is told once
    Kind.at_most of its kind were told within a minute; processes that decide at the same moment do not see each
    other's, and may together tell that many more.

    One query for all of them, without locks. Raises DatabaseError.
    """
    kind = registry.find(kind_name)
    decisions = dict.fromkeys(user_ids, _decision(kind, _NOTHING_CHOSEN, 0, now))
    sql = _chosen_sql()
    given: dict[str, Any] = {"users": user_key.to_sql(user_ids), "kind": kind_name}
    if kind.at_most is not None:
        sql = _chosen_and_told_sql()
        given |= {"after": now - STORM, "until": now + _AHEAD}
    with connection().cursor() as cursor:
        cursor.execute(sql, given)
        for user_id, told, *columns in cursor.fetchall():
            choices = _choices(kind_name, columns)
            decisions[user_key.from_sql(user_id)] = _decision(kind, choices, told, now)
    return decisions


def _decision(kind: Kind, choices: Choices, told: int, now: datetime) -> Decision:
    if not effective(kind, "inbox", choices) or muted_until(kind.name, choices, now):
        return Decision(keeps=False, toast=False)
    is_quiet = kind.can_be_muted and kind.importance != "high" and choices.are_quiet_at(now)
    if is_quiet or not effective(kind, "toast", choices):
        return Decision(toast=False)
    if kind.at_most is not None and told >= kind.at_most:
        return Decision(toast=False, in_storm=True)
    return Decision(desktop=effective(kind, "desktop", choices))


def _choices(kind_name: str, columns: Sequence[Any]) -> Choices:
    """Return the choices that matter to the kind."""
    channels, muted, all_muted, starts, ends, zone, undisturbed = columns
    if zone is None:
        return _NOTHING_CHOSEN
    if channels is muted is all_muted is starts is undisturbed is None:
        return _NOTHING_CHOSEN
    chosen = {kind_name: json.loads(channels)} if channels else {}
    mutes = {kind_name: muted, EVERY: all_muted}
    return from_columns(_Columns(chosen, mutes, starts, ends, zone, undisturbed))


_CHOSEN: Final = """chosen.channels -> %(kind)s, chosen.muted ->> %(kind)s, chosen.muted ->> '*',
           chosen.quiet_from, chosen.quiet_until, chosen.time_zone, chosen.do_not_disturb_until"""


@cache
def _chosen_sql() -> str:
    """Return SQL for the id of each user who has chosen anything, 0, and the columns of _choices()."""
    return f"""
    SELECT chosen.user_id, 0, {_CHOSEN} FROM {table("preferences")} AS chosen
     WHERE chosen.user_id = ANY(%(users)s::{user_key.sql_type()}[])
"""  # noqa: S608 - the name of our own table


@cache
def _chosen_and_told_sql() -> str:
    """Return SQL for each user's id, how many of the kind they were told of, and the columns of _choices().

    A statement of its own: to plan the count takes longer than all the rest.
    """
    return f"""
    SELECT asked.user_id,
           (SELECT count(*) FROM {table("notification")} AS n
             WHERE n.recipient_id = asked.user_id AND n.kind = %(kind)s AND n.toast AND n.sums_up IS NULL
               AND n.created > %(after)s AND n.created <= %(until)s),
           {_CHOSEN}
      FROM unnest(%(users)s::{user_key.sql_type()}[]) AS asked(user_id)
      LEFT JOIN {table("preferences")} AS chosen ON chosen.user_id = asked.user_id
"""  # noqa: S608 - the names of our own tables
