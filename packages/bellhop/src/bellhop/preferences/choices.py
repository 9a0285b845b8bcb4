"""A person's choices: read, changed, and what each of them comes to.

Choices about a kind that is no longer declared stay where they are, and do nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Final, get_args

from django.utils import timezone
from django.utils.translation import gettext_noop

from bellhop.kinds import registry
from bellhop.kinds.kind import CHANNELS, Channel, Kind
from bellhop.models import Preferences, write_database
from bellhop.preferences.quiet_hours import QuietHours, aware, zone_exists

EVERY: Final = "*"
"""In the place of a kind's name: all that can be muted."""

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Muted until further notice. Not the last year's last day: that has no place in some zones."""


class ChoiceError(ValueError):
    """A choice that cannot be. `field` names what is wrong, `sentence` says why: `text`, with its values."""

    def __init__(self, field: str, text: str, **values: str) -> None:
        self.field, self.text, self.values = field, text, values
        self.sentence = text % values if values else text
        super().__init__(f"{field}: {self.sentence}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has chosen, by kind; what is missing is as the kind is declared."""

    channels: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    muted: Mapping[str, datetime] = field(default_factory=dict)
    """Until when, by the kind's name or EVERY; FOREVER: until further notice. May lie in the past."""
    quiet: QuietHours | None = None
    zone: str = ""
    """The time zone that was chosen last, with quiet hours or without; empty: none was. It may be gone."""
    do_not_disturb: datetime | None = None
    """Until when nobody wants to be disturbed. May lie in the past."""

    def are_quiet_at(self, moment: datetime) -> bool:
        """Return whether nothing that can wait shall be told at that moment."""
        is_not_disturbed = self.do_not_disturb is not None and aware(moment) < self.do_not_disturb
        return is_not_disturbed or (self.quiet is not None and self.quiet.hold_at(moment))


def choices_of(user_id: Any) -> Choices:
    """Return the person's choices; none at all where they never chose. One query."""
    rows = Preferences._default_manager.using(write_database.alias())
    row = rows.filter(pk=user_id).first()
    return Choices() if row is None else from_columns(row)


def from_columns(row: Any) -> Choices:
    """Return the choices that a row of Preferences holds. What cannot be a choice in it is passed over."""
    channels = row.channels if isinstance(row.channels, dict) else {}
    muted = row.muted if isinstance(row.muted, dict) else {}
    until = {name: _moment(text) for name, text in muted.items() if text is not None}
    undisturbed = row.do_not_disturb_until
    quiet = row.quiet_from is not None and row.quiet_until is not None
    return Choices(
        {
            name: {each: on for each, on in chosen.items() if isinstance(on, bool)}
            for name, chosen in channels.items()
            if isinstance(chosen, dict)
        },
        {name: moment for name, moment in until.items() if moment is not None},
        QuietHours(row.quiet_from, row.quiet_until, row.time_zone) if quiet else None,
        row.time_zone,
        undisturbed and aware(undisturbed),
    )


def effective(kind: Kind, channel: Channel, choices: Choices) -> bool:
    """Return whether notifications of the kind go to the channel: as chosen, or else as declared. No query.

    What cannot be muted keeps its list and its toast, whatever is stored.
    """
    declared = kind.goes_to(channel)
    if not registry.is_declared(kind):
        return declared
    if declared and is_fixed(kind, channel):
        return True
    return choices.channels.get(kind.name, {}).get(channel, declared)


def is_fixed(kind: Kind, channel: Channel) -> bool:
    """Return whether nobody can switch that channel off: list and toast of a kind that cannot be muted."""
    return not kind.can_be_muted and channel != "desktop" and kind.goes_to(channel)


def muted_until(kind_name: str, choices: Choices, now: datetime) -> datetime | None:
    """Return until when the kind is muted, by itself or with all others; None where it is not, or cannot be. No query.

    For EVERY: until when all are. FOREVER: until further notice.
    """
    kind = registry.find(kind_name)
    if kind_name != EVERY and not kind.can_be_muted:
        return None
    own = registry.is_declared(kind) or kind_name == EVERY
    names = {kind_name, EVERY} if own else {EVERY}
    latest = max((choices.muted[name] for name in names & choices.muted.keys()), default=None)
    return latest if latest is not None and latest > aware(now) else None


def choose(user_id: Any, kind_name: str, channel: str, value: bool) -> None:
    """Send notifications of that kind to the channel, or not. What the kind is declared to do is not stored.

    Raises ChoiceError for a kind that is not declared, an unknown channel, a value that is no bool, and a channel that
    a kind which cannot be muted keeps. One transaction, as each of these.
    """
    kind = _declared(kind_name)
    if channel not in CHANNELS:
        raise ChoiceError("channel", f"one of {', '.join(get_args(Channel))}")
    if not isinstance(value, bool):
        raise ChoiceError("value", "true or false")
    if not value and is_fixed(kind, channel):
        raise ChoiceError("kind", gettext_noop("%(kind)s cannot be muted"), kind=repr(kind_name))

    def change(row: Preferences) -> None:
        chosen = {**row.channels.get(kind_name, {}), channel: value}
        if value == kind.goes_to(channel):
            del chosen[channel]
        row.channels = {**row.channels, kind_name: chosen}
        if not chosen:
            del row.channels[kind_name]

    _change(user_id, change)


def mute(user_id: Any, kind_name: str, until: datetime | None) -> None:
    """Refuse notifications of that kind, or of EVERY that can be muted, until then; None: until further notice.

    Raises ChoiceError for a kind that is not declared or cannot be muted, and for a moment that has passed.
    """
    if kind_name != EVERY and not _declared(kind_name).can_be_muted:
        raise ChoiceError("kind", gettext_noop("%(kind)s cannot be muted"), kind=repr(kind_name))
    if until is not None and not isinstance(until, datetime):
        raise ChoiceError("until", "a moment, or nothing")
    moment = FOREVER if until is None else min(aware(until), FOREVER)
    if moment <= aware(timezone.now()):
        raise ChoiceError("until", "lies in the past")

    def change(row: Preferences) -> None:
        row.muted = {**row.muted, kind_name: moment.astimezone(UTC).isoformat()}

    _change(user_id, change)


def unmute(user_id: Any, kind_name: str) -> None:
    """End a mute of that kind, or of EVERY; one that is not muted stays as it is.

    Raises ChoiceError for a kind that is not declared.
    """
    if kind_name != EVERY:
        _declared(kind_name)
    _change(user_id, lambda row: row.muted.pop(kind_name, None))


def quiet_hours(starts: time | None, ends: time | None, zone: str) -> QuietHours | None:
    """Return quiet hours as somebody has written them; None where both times are missing. No query.

    Raises ChoiceError where only one of the times is there, for times of a zone of their own, and for a zone that does
    not exist.
    """
    if starts is None and ends is None:
        return None
    for name, value in (("starts", starts), ("ends", ends)):
        if value is None:
            raise ChoiceError(name, "quiet hours need both times")
        if not isinstance(value, time) or value.tzinfo is not None:
            raise ChoiceError(name, "a time of the day")
    if not zone_exists(zone):
        raise ChoiceError(
            "zone", gettext_noop("there is no time zone %(zone)s"), zone=repr(str(zone)[:64])
        )
    assert starts is not None  # noqa: S101 - looked at above
    assert ends is not None  # noqa: S101
    return QuietHours(starts, ends, zone)


def set_quiet_hours(user_id: Any, quiet: QuietHours | None) -> None:
    """Keep these quiet hours, or none. Raises ChoiceError as quiet_hours() does."""
    checked = None if quiet is None else quiet_hours(quiet.starts, quiet.ends, quiet.zone)

    def change(row: Preferences) -> None:
        row.quiet_from = checked.starts if checked else None
        row.quiet_until = checked.ends if checked else None
        # The zone stays: whoever switches them on again finds it.
        row.time_zone = checked.zone if checked else row.time_zone

    _change(user_id, change)


def set_do_not_disturb(user_id: Any, until: datetime | None) -> None:
    """Tell the person of nothing that can wait until then; None: from now on again."""

    def change(row: Preferences) -> None:
        row.do_not_disturb_until = until

    _change(user_id, change)


def _declared(kind_name: object) -> Kind:
    kind = registry.find(kind_name) if isinstance(kind_name, str) else None
    if kind is None or not registry.is_declared(kind):
        raise ChoiceError(
            "kind", gettext_noop("there is no kind %(kind)s"), kind=repr(str(kind_name)[:50])
        )
    return kind


def _change(user_id: Any, change: Callable[[Preferences], Any]) -> None:
    """Change the person's row, made on first use, under its lock. Three queries, and the transaction's own."""
    rows = Preferences._default_manager.using(write_database.alias())
    with write_database.atomic():
        rows.bulk_create([Preferences(user_id=user_id)], ignore_conflicts=True)
        row = rows.select_for_update().get(pk=user_id)
        # As edited by hand it may be anything.
        known = from_columns(row)
        row.channels = {name: dict(chosen) for name, chosen in known.channels.items()}
        row.muted = {name: moment.isoformat() for name, moment in known.muted.items()}
        change(row)
        row.save(using=write_database.alias())


def _moment(text: object) -> datetime | None:
    try:
        return min(aware(datetime.fromisoformat(str(text))), FOREVER)
    except (ValueError, OverflowError):
        return None
