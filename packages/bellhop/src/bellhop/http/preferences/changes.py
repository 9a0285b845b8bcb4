"""What somebody wants changed of their choices, by a form or by the API: all of it, or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal

from django.utils import timezone
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.translation import gettext_lazy, gettext_noop

from bellhop.models import write_database
from bellhop.preferences import choices
from bellhop.preferences.choices import ChoiceError
from bellhop.preferences.do_not_disturb import Length
from bellhop.preferences.do_not_disturb import until as undisturbed_until
from bellhop.preferences.quiet_hours import QuietHours

ALWAYS: Final = "always"
"""In the place of a moment: until further notice."""

DURATIONS: Final[Mapping[str, tuple[Any, timedelta | None]]] = {
    "1h": (gettext_lazy("1 hour"), timedelta(hours=1)),
    "8h": (gettext_lazy("8 hours"), timedelta(hours=8)),
    "1d": (gettext_lazy("a day"), timedelta(days=1)),
    "1w": (gettext_lazy("a week"), timedelta(weeks=1)),
    ALWAYS: (gettext_lazy("until I turn it on again"), None),
}
"""For how long the page mutes: what it is called, and how long that is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is missing stays as it is."""

    channels: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """By kind, by channel."""
    mute: Mapping[str, datetime | Literal["always"] | None] = field(default_factory=dict)
    """By kind, or EVERY: until when; None: no longer."""
    quiet: QuietHours | Literal["unchanged"] | None = "unchanged"
    do_not_disturb: Length | Literal["unchanged"] | None = "unchanged"
    """How long from now; None: no longer."""

    def apply(self, user_id: Any) -> None:
        """Change the person's choices, in one transaction. Raises ChoiceError, and then changes nothing.

        Its `field` is `channels`, `mute`, `from`, `until` or `zone`.
        """
        with write_database.atomic():
            with _named("channels"):
                for kind, wanted in self.channels.items():
                    for channel, value in wanted.items():
                        choices.choose(user_id, kind, channel, value)
            with _named("mute"):
                for kind, until in self.mute.items():
                    if until is None:
                        choices.unmute(user_id, kind)
                    else:
                        choices.mute(user_id, kind, None if until == ALWAYS else until)
            if self.quiet != "unchanged":
                choices.set_quiet_hours(user_id, self.quiet)
            if self.do_not_disturb != "unchanged":
                # In the zone that was chosen just now, if one was.
                length, chosen = self.do_not_disturb, choices.choices_of(user_id)
                until = length and undisturbed_until(length, chosen, timezone.now())
                choices.set_do_not_disturb(user_id, until or None)


def until_of(text: object) -> datetime | Literal["always"] | None:
    """Return what a program writes for the end of a mute: RFC 3339, "always" or None. Raises ChoiceError."""
    if text is None or text == ALWAYS:
        return text
    try:
        moment = parse_datetime(str(text))
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise ChoiceError(
            "mute", 'a moment with its offset, as "2026-11-27T18:00:00Z", "always", or null'
        )
    return moment


def until_after(duration: str, now: datetime) -> datetime | Literal["always"]:
    """Return when a mute of that duration ends. KeyError where there is none of that name."""
    _, length = DURATIONS[duration]
    return ALWAYS if length is None else now + length


def quiet_of(starts: str, ends: str, zone: str) -> QuietHours | None:
    """Return quiet hours as they are written: "22:00", "07:00", "Europe/Berlin". Raises ChoiceError.

    The same time twice would be no quiet hours, which nobody means who writes it.
    """
    with _named(starts="from", ends="until"):
        quiet = choices.quiet_hours(_time("starts", starts), _time("ends", ends), zone)
        if quiet is not None and quiet.starts == quiet.ends:
            raise ChoiceError(
                "ends", gettext_noop("must be another time than the one they begin at")
            )
        return quiet


def _time(name: str, text: str) -> time:
    try:
        found = parse_time(text)
    except ValueError:
        found = None
    if found is None:
        raise ChoiceError(name, gettext_noop('must be a time of the day, as "22:00"'))
    return found


@contextmanager
def _named(name: str = "", **names: str) -> Iterator[None]:
    """Give what goes wrong inside the name that a form or a body has for it: one for all, or each its own."""
    try:
        yield
    except ChoiceError as error:
        renamed = name or names.get(error.field, error.field)
        raise ChoiceError(renamed, error.text, **error.values) from error
