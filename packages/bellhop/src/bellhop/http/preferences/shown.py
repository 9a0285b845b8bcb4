"""What the page of preferences shows: a person's choices as text, for its templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from bellhop.http.preferences.changes import DURATIONS
from bellhop.http.preferences.moments import Moment, moment_of
from bellhop.http.said import Unsaid
from bellhop.kinds import registry, words
from bellhop.kinds.kind import CHANNELS, Channel, Kind
from bellhop.preferences.choices import (
    EVERY,
    Choices,
    effective,
    is_fixed,
    muted_until,
)
from bellhop.preferences.quiet_hours import aware, zone_exists

_CHANNELS: Final = {
    "inbox": gettext_lazy("In the list"),
    "toast": gettext_lazy("As a toast"),
    "desktop": gettext_lazy("On the desktop"),
}

_AREAS: Final = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Switch:
    """One channel of a kind."""

    channel: str
    name: str
    is_on: bool
    is_fixed: bool
    """Nobody can switch it."""
    is_in_vain: bool
    """It is on, and nothing comes of it: what is not in the list is nowhere."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind, or all of them (EVERY)."""

    name: str
    html_id: str
    label: str
    can_be_muted: bool
    switches: Sequence[Switch]
    muted: Moment | None
    """Until when it is muted by itself."""
    kept_out: int
    kept_out_latest: Moment | None

    @property
    def is_ticked_in_vain(self) -> bool:
        return any(switch.is_in_vain for switch in self.switches)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The fields of the quiet hours."""

    starts: str
    ends: str
    zone: str
    are_on: bool
    is_zone_chosen: bool
    """False: the browser knows better which one is meant."""
    is_zone_gone: bool
    areas: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class PreferencesPage:
    """What the templates show, as `bellhop` in their context."""

    base_template: Any
    login_url: str
    unsaid: Unsaid
    everything: KindRow
    kinds: Sequence[KindRow]
    quiet: Quiet
    do_not_disturb: Moment | None = None
    """Until when; None: it is off."""
    errors: dict[str, str] = field(default_factory=dict)
    """By field of the quiet hours."""
    is_erasing: bool = False
    count: int = 0
    """Of notifications, where they are to be erased."""
    channel_names: Sequence[str] = field(
        default_factory=lambda: [str(_CHANNELS[each]) for each in _channels()]
    )
    durations: Sequence[tuple[str, str]] = tuple(
        (name, text) for name, (text, _) in DURATIONS.items()
    )


def rows(
    choices: Choices, refused: dict[str, tuple[int, datetime]], now: datetime
) -> tuple[KindRow, list[KindRow]]:
    """Return what is said of all kinds together, and each that is declared. No query."""
    declared = registry.declared()
    names = {kind.name for kind in declared}
    others = [found for name, found in refused.items() if name not in names]
    latest = max((moment for _, moment in others), default=None)
    everything = KindRow(
        EVERY,
        "bellhop-every",
        gettext("Everything"),
        can_be_muted=True,
        switches=(),
        muted=_own_mute(EVERY, choices, now),
        kept_out=sum(count for count, _ in others),
        kept_out_latest=moment_of(latest, choices),
    )
    return everything, [
        _row(f"bellhop-kind-{number}", kind, choices, refused, now)
        for number, kind in enumerate(declared, 1)
    ]


def _row(
    html_id: str,
    kind: Kind,
    choices: Choices,
    refused: dict[str, tuple[int, datetime]],
    now: datetime,
) -> KindRow:
    count, latest = refused.get(kind.name, (0, None))
    on = {each: effective(kind, each, choices) for each in _channels()}
    switches = [
        Switch(each, str(_CHANNELS[each]), is_on, is_fixed(kind, each), is_on and not on["inbox"])
        for each, is_on in on.items()
    ]
    return KindRow(
        kind.name,
        html_id,
        words.label(kind),
        kind.can_be_muted,
        switches,
        _own_mute(kind.name, choices, now) if kind.can_be_muted else None,
        count,
        moment_of(latest, choices),
    )


def quiet(choices: Choices, given: dict[str, str] | None = None) -> Quiet:
    """Return the fields of the quiet hours: as chosen, or as somebody has just written them, with a mistake in it."""
    chosen = choices.quiet
    # The one of before is found again; one that is gone is worth a word only while it is in use.
    zone = choices.zone if chosen or zone_exists(choices.zone) else ""
    fields = {
        "from": chosen.starts.strftime("%H:%M") if chosen else "",
        "until": chosen.ends.strftime("%H:%M") if chosen else "",
        "zone": zone or settings.TIME_ZONE,
        **(given or {}),
    }
    return Quiet(
        fields["from"],
        fields["until"],
        fields["zone"],
        are_on=chosen is not None,
        is_zone_chosen=bool(zone or given),
        is_zone_gone=bool(zone) and not zone_exists(zone),
        areas=_areas(fields["zone"]),
    )


def do_not_disturb(choices: Choices, now: datetime) -> Moment | None:
    """Return until when the person does not want to be disturbed. No query."""
    return moment_of(undisturbed_until(choices, now), choices)


def undisturbed_until(choices: Choices, now: datetime) -> datetime | None:
    until = choices.do_not_disturb
    return until if until is not None and until > aware(now) else None


def _own_mute(name: str, choices: Choices, now: datetime) -> Moment | None:
    return moment_of(own_mute(name, choices, now), choices)


def own_mute(name: str, choices: Choices, now: datetime) -> datetime | None:
    """Return until when that name is muted by itself, and not together with all others. No query."""
    alone = Choices(muted={name: choices.muted[name]} if name in choices.muted else {})
    return muted_until(name, alone, now)


def _channels() -> list[Channel]:
    """Return the channels to choose from: the desktop where any kind goes there, and the site thus has that."""
    has_desktop = any(kind.goes_to("desktop") for kind in registry.declared())
    return [each for each in CHANNELS if each != "desktop" or has_desktop]


def _areas(zone: str) -> list[tuple[str, list[str]]]:
    """Return the zones to choose from, by area; the one that is chosen is among them, whatever it is."""
    names = sorted(available_timezones())
    areas = [(area, [name for name in names if name.startswith(f"{area}/")]) for area in _AREAS]
    others = ["UTC"]
    if not any(zone in names for _, names in areas) and zone not in others:
        others.append(zone)
    return [*areas, (gettext("Other"), others)]
