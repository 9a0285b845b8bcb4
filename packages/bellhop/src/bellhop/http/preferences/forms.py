"""The forms of the page of preferences, read."""

from collections.abc import Callable
from datetime import datetime
from typing import cast, get_args

from django.http import QueryDict
from django.utils.translation import gettext

from bellhop.http.preferences.changes import DURATIONS, Changes, quiet_of, until_after
from bellhop.http.preferences.moments import text_of
from bellhop.http.preferences.shown import own_mute
from bellhop.kinds import registry, words
from bellhop.preferences.choices import EVERY, FOREVER, Choices
from bellhop.preferences.do_not_disturb import Length

Sentence = Callable[[Choices], str]
"""Says what was done, by what is chosen afterwards."""


class NonsenseError(ValueError):
    """A form that is none of the page's."""


def read(form: QueryDict, now: datetime) -> tuple[Changes, Sentence]:
    """Return what a form asks for, and what to say when it is done.

    `do` is `channels`, `mute`, `unmute`, `quiet`, `no-quiet` or `do-not-disturb`. Raises ChoiceError for quiet hours
    that cannot be, and NonsenseError.
    """
    match form.get("do"):
        case "channels":
            return Changes(channels=_channels(form)), lambda _: gettext("Saved.")
        case "mute":
            name, duration = form.get("kind", ""), form.get("for", "")
            if not name or duration not in DURATIONS:
                raise NonsenseError("kind and for are needed")
            return Changes(mute={name: until_after(duration, now)}), lambda chosen: _muted(
                name, chosen, now
            )
        case "unmute":
            if not (name := form.get("kind", "")):
                raise NonsenseError("kind is needed")
            return Changes(mute={name: None}), lambda _: _on_again(name)
        case "quiet":
            starts, ends, zone = (form.get(each, "") for each in ("from", "until", "zone"))
            return Changes(quiet=quiet_of(starts, ends, zone)), _quiet
        case "no-quiet":
            return Changes(quiet=None), lambda _: gettext("Quiet hours are off.")
        case "do-not-disturb":
            length = form.get("for", "")
            if length not in ("", *get_args(Length)):
                raise NonsenseError("for: how long?")
            return Changes(do_not_disturb=cast(Length, length) or None), _undisturbed
        case _:
            raise NonsenseError("do: what?")


def _channels(form: QueryDict) -> dict[str, dict[str, bool]]:
    """Return the switches that were moved: `was` and `on` name those that were on when the page came, and are on now.

    `shown` names all. What was moved since, in another tab, stays as it is there.
    """
    was, now = set(form.getlist("was")), set(form.getlist("on"))
    wanted: dict[str, dict[str, bool]] = {}
    for each in form.getlist("shown"):
        if (each in was) != (each in now):
            kind, _, channel = each.rpartition(":")
            wanted.setdefault(kind, {})[channel] = each in now
    return wanted


def _muted(name: str, chosen: Choices, now: datetime) -> str:
    until = own_mute(name, chosen, now)
    if until is None or until >= FOREVER:
        if name == EVERY:
            return gettext("Everything is muted until you turn it on again.")
        return gettext("“%(kind)s” is muted until you turn it on again.") % {"kind": _label(name)}
    moment = text_of(until, chosen)
    if name == EVERY:
        return gettext("Everything is muted until %(moment)s.") % {"moment": moment}
    words_of = {"kind": _label(name), "moment": moment}
    return gettext("“%(kind)s” is muted until %(moment)s.") % words_of


def _on_again(name: str) -> str:
    if name == EVERY:
        return gettext("Everything is on again.")
    return gettext("“%(kind)s” is on again.") % {"kind": _label(name)}


def _quiet(chosen: Choices) -> str:
    quiet = chosen.quiet
    if quiet is None:
        return gettext("Quiet hours are off.")
    return gettext("Quiet hours: %(starts)s to %(ends)s, %(zone)s.") % {
        "starts": f"{quiet.starts:%H:%M}",
        "ends": f"{quiet.ends:%H:%M}",
        "zone": quiet.zone,
    }


def _label(name: str) -> str:
    return words.label(registry.find(name))


def _undisturbed(chosen: Choices) -> str:
    if chosen.do_not_disturb is None:
        return gettext("Do not disturb is off.")
    until = text_of(chosen.do_not_disturb, chosen)
    return gettext("Do not disturb is on until %(moment)s.") % {"moment": until}
