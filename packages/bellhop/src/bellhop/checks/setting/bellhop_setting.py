"""Checks the setting BELLHOP: that it holds names which exist, with values that can be."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from bellhop.checks.carefully import SERVER, registered
from bellhop.checks.setting.value_rules import RULES
from bellhop.conf import NAMES, Conf


def chosen(name: str) -> Any:
    """Return the value that holds for a name of BELLHOP, also where BELLHOP itself is nonsense."""
    given = getattr(settings, "BELLHOP", None)
    default = vars(Conf)[name]
    return given.get(name, default) if isinstance(given, Mapping) else default


@registered(SERVER)
def setting_BELLHOP(_: Sequence[str]) -> Iterator[CheckMessage]:  # noqa: N802 - named in a warning
    """Yield an error for each name that does not exist, and for each value that cannot be."""
    given = getattr(settings, "BELLHOP", {})
    if not isinstance(given, Mapping):
        yield Error(
            f"BELLHOP is no dictionary, but {given!r}.",
            hint='Write into the settings: BELLHOP = {"REDIS_URL": "redis://redis:6379/0"}',
            id="bellhop.E041",
        )
        return
    for name, value in given.items():
        if name not in NAMES:
            yield Error(
                f"BELLHOP has no {name!r}.",
                hint=_did_you_mean(name),
                id="bellhop.E042",
            )
        elif name in RULES and not RULES[name].allows(value):
            # Not the value itself: REDIS_URL may hold a password.
            yield Error(
                f'BELLHOP["{name}"] must be {RULES[name].words}; it is of type {type(value).__name__}.',
                hint=f'Write into the settings: BELLHOP = {{"{name}": {RULES[name].example}, …}}',
                id="bellhop.E043",
            )


@registered()
def way_of_ringing(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield what keeps notifications from arriving at once."""
    ring = chosen("RING")
    if ring == "celery" and find_spec("celery") is None:
        yield Error(
            'BELLHOP["RING"] is "celery", and Celery is not installed.',
            hint='pip install "django-bellhop[celery]", or write BELLHOP = {"RING": "direct", …}',
            id="bellhop.E044",
        )
    if ring == "off":
        yield Warning(
            'BELLHOP["RING"] is "off": each notification arrives by the beat, seconds late.',
            hint='For notifications at once write BELLHOP = {"RING": "direct", …}',
            id="bellhop.W042",
        )
    elif not chosen("REDIS_URL"):
        yield Warning(
            "There is no Redis: each notification arrives by the beat, seconds late.",
            hint='Write into the settings: BELLHOP = {"REDIS_URL": "redis://redis:6379/0", …}',
            id="bellhop.W041",
        )


def _did_you_mean(name: object) -> str:
    close = get_close_matches(str(name).upper(), NAMES, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"It may hold {', '.join(sorted(NAMES))}."
