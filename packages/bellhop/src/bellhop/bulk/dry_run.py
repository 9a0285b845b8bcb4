"""What would become of a sending: it is counted as the sending itself counts it, and nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils import timezone

from bellhop.bulk.files.checked import KIND
from bellhop.bulk.send import Counts, had
from bellhop.kinds import registry, words
from bellhop.preferences.decide import decide


class Place(NamedTuple):
    """Where a notification would go: to which user, of what kind, and the key it would have; None: none."""

    user_id: Any
    kind: str
    key: str | None


def foresee(places: Iterable[Place], counts: Counts) -> None:
    """Add to `counts` how many would be sent, have it already, or refuse it by what they have chosen so far.

    Two queries, and one more for each further kind. Raises DatabaseError.
    """
    asked = list(places)
    known = had([(place.user_id, place.key) for place in asked if place.key is not None])
    left: dict[str, list[Any]] = defaultdict(list)
    for place in asked:
        if (place.user_id, place.key) not in known:
            left[place.kind].append(place.user_id)
    kept = 0
    for kind, user_ids in left.items():
        decisions = decide(list(dict.fromkeys(user_ids)), kind, timezone.now())
        kept += sum(decisions[user_id].keeps for user_id in user_ids)
    remaining = sum(len(user_ids) for user_ids in left.values())
    counts.known += len(asked) - remaining
    counts.sent += kept
    counts.refused += remaining - kept


def foreseen(user: Any, given: Mapping[str, Any]) -> str:
    """Return in words what would become of one notification, given arguments of notify(). Queries as foresee()."""
    name, kind, counts = user.get_username(), given.get("kind", KIND), Counts()
    foresee([Place(user.pk, kind, given.get("key"))], counts)
    if counts.known:
        return f"{name} had it already"
    return (
        f"would not be sent: {refusal(name, kind)}" if counts.refused else f"would send to {name}"
    )


def refusal(name: str, kind_name: str) -> str:
    """Return in words why an inbox refuses what is of that kind."""
    kind = registry.find(kind_name)
    what = words.label(kind) if registry.is_declared(kind) else repr(kind_name)
    return f"{name} has muted {what}, or keeps them out of the list"
