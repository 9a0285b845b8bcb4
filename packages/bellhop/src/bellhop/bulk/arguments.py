"""What a shell or a file says as text, made the arguments of notify()."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime

_TIMES: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TIME: Final = re.compile(r"(\d{1,6})([smhd])")

NAMES: Final = ("message", "body", "url", "kind", "data", "key", "expires", "thread")


def arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of notify() that these values give; those that are None or empty are left out.

    ValueError names the value and says what is wrong with it.
    """
    found = {name: values[name] for name in NAMES if values.get(name) not in (None, "")}
    if isinstance(found.get("data"), str):
        found["data"] = data(found["data"])
    if "expires" in found:
        found["expires"] = moment(found["expires"])
    return found


def data(text: str) -> dict[str, Any]:
    """Return the JSON object that stands in the text. ValueError for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"data: not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError('data: a JSON object, such as {"order": "7"}')
    return found


def moment(text: str) -> datetime | timedelta:
    """Return what "90s", "30m", "2h", "7d" or an ISO 8601 moment stands for; ValueError for anything else.

    A moment without a zone is one of the project's TIME_ZONE.
    """
    if found := _TIME.fullmatch(text):
        number, unit = found.groups()
        return timedelta(**{_TIMES[unit]: int(number)})
    try:
        when = parse_datetime(text)
    except ValueError as error:
        raise ValueError(f"expires: {error}") from None
    if when is None:
        raise ValueError(
            f"expires {text[:100]!r}: such as 90s, 30m, 2h, 7d or 2026-12-24T18:00+01:00"
        )
    return when if timezone.is_aware(when) else timezone.make_aware(when)
