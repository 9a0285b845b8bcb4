"""Moments as the page of preferences and the API write them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from bellhop.http.preferences.changes import ALWAYS
from bellhop.preferences.choices import FOREVER, Choices
from bellhop.preferences.quiet_hours import aware, zone_exists


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment, as a program and as a person reads it."""

    iso: str
    text: str
    is_never: bool = False
    is_in_chosen_zone: bool = False
    """False: a browser may write it in its own zone, as nobody has chosen another."""

    @property
    def element(self) -> SafeString:
        """The moment as HTML, for a place within a sentence."""
        mark = "" if self.is_in_chosen_zone else SafeString(" data-moment")
        return format_html('<time datetime="{}"{}>{}</time>', self.iso, mark, self.text)


def moment_of(moment: datetime | None, choices: Choices) -> Moment | None:
    """Return a moment in the zone that the person has chosen, else in Django's current one, with its name."""
    if moment is None:
        return None
    if moment >= FOREVER:
        return Moment("", "", is_never=True)
    moment, is_chosen = aware(moment), zone_exists(choices.zone)
    zone = ZoneInfo(choices.zone) if is_chosen else timezone.get_current_timezone()
    # Each language has its own order and its own signs: https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date
    written = format_date(moment.astimezone(zone), gettext("j M Y, H:i"))
    text = f"{written} ({zone})"
    return Moment(rfc3339(moment) or "", text, is_in_chosen_zone=is_chosen)


def text_of(moment: datetime, choices: Choices) -> str:
    """Return a moment as the person's page writes it."""
    return (moment_of(moment, choices) or Moment("", "")).text


def rfc3339(moment: datetime | None) -> str | None:
    """Return a moment as the API writes it."""
    if moment is None:
        return None
    if moment >= FOREVER:
        return ALWAYS
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
