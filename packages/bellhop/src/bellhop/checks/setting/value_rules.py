"""What each name of BELLHOP may hold."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from redis.connection import parse_url

_DOTTED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*").fullmatch
# What follows a "?" or "#" is the page's own business.
_SOCKET_URL: Final = re.compile(r"((wss?://[^/\s?#]+)|(:\d{1,5}))?/(?!/)[^\s?#]*").fullmatch


@dataclass(frozen=True)
class Rule:
    """Whether a value can be, in words too, and an example of one as it is written into the settings."""

    allows: Callable[[Any], bool]
    words: str
    example: str


def _one_of(*choices: str) -> Rule:
    quoted = [f'"{choice}"' for choice in choices]
    return Rule(
        lambda value: isinstance(value, str) and value in choices,
        f"one of {', '.join(quoted)}",
        quoted[0],
    )


def _whole(least: int, most: int | None = None, *, example: int) -> Rule:
    words = f"a whole number of at least {least}" + (f", at most {most}" if most else "")
    return Rule(
        lambda value: (
            isinstance(value, int)
            and not isinstance(value, bool)
            and least <= value <= (value if most is None else most)
        ),
        words,
        str(example),
    )


def _whole_or_none(least: int, most: int | None = None, *, example: int) -> Rule:
    whole = _whole(least, most, example=example)
    return Rule(
        lambda value: value is None or whole.allows(value),
        f"None, or {whole.words}",
        whole.example,
    )


def _seconds(most: float, *, example: int) -> Rule:
    return Rule(
        lambda value: (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and 0 < value <= most
        ),
        f"seconds: a number above 0, at most {most:g}",
        str(example),
    )


def _is_redis_url(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        if value:
            parse_url(value)
    except ValueError:
        return False
    return True


def _is_origin(value: Any) -> bool:
    try:
        parts = urlsplit(value)
        bare = f"{parts.scheme}://{parts.netloc}"
        return bool(
            isinstance(value, str)
            and parts.scheme in ("http", "https")
            and parts.hostname
            and "@" not in parts.netloc
            and (parts.port is None or parts.port > 0)
            and value == bare
        )
    except (ValueError, TypeError, AttributeError):
        return False


def _are_origins(value: Any) -> bool:
    return value is None or (
        isinstance(value, list | tuple | set | frozenset) and all(map(_is_origin, value))
    )


def _is_socket_url(value: Any) -> bool:
    if not isinstance(value, str) or not _SOCKET_URL(value):
        return False
    try:
        parts = urlsplit(value if "://" in value else f"//host{value}")
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_dotted(value: Any) -> bool:
    return isinstance(value, str) and _DOTTED(value) is not None


RULES: Final[Mapping[str, Rule]] = {
    "REDIS_URL": Rule(
        _is_redis_url,
        "a URL that begins with redis://, rediss:// or unix://",
        '"redis://redis:6379/0"',
    ),
    "PREFIX": Rule(
        lambda value: isinstance(value, str) and (not value or value.isprintable()),
        "text without line breaks or control characters",
        '"shop."',
    ),
    "RING": _one_of("direct", "celery", "off"),
    "TASKS": Rule(_is_dotted, "a dotted name", '"bellhop.tasks"'),
    "KIND_TASKS": Rule(
        lambda value: (
            isinstance(value, Mapping)
            and all(isinstance(text, str) and text for pair in value.items() for text in pair)
        ),
        "a dictionary of names of kinds and names of Celery tasks",
        '{"login": "shop.tasks.welcome"}',
    ),
    "LOGIN_NOTIFIES": Rule(
        lambda value: value is None or callable(value) or _is_dotted(value),
        "a function of (request, user), its dotted path, or None",
        '"shop.logins.is_real"',
    ),
    "UNDECLARED_KINDS": _one_of("allow", "error"),
    "LANGUAGE": Rule(
        lambda value: value is None or callable(value) or _is_dotted(value),
        "a function of the user, its dotted path, the name of an attribute of users, or None",
        '"language"',
    ),
    "KEEP_DAYS": _whole_or_none(1, 36_500, example=90),
    "KEEP_NEWEST": _whole_or_none(1, example=1000),
    "WORK_SECONDS": _seconds(3600, example=1),
    "ORIGINS": Rule(
        _are_origins,
        "None, or a list of origins: scheme, host and port, no path",
        '["https://example.com"]',
    ),
    "ORIGIN_HINT": Rule(lambda value: isinstance(value, str), "text", '"ask the administrator"'),
    "SOCKET_URL": Rule(
        _is_socket_url,
        "a path, a port and a path, or a URL that begins with ws:// or wss://",
        '"/ws/notifications/"',
    ),
    "ROUTING": Rule(_is_dotted, "the dotted name of a module", '"bellhop.routing"'),
    "RATE_LIMITS": Rule(lambda value: isinstance(value, bool), "True or False", "True"),
    "SOCKETS_PER_PROCESS": _whole(1, example=10_000),
    "SOCKETS_PER_USER": _whole(1, example=50),
    "SOCKET_FRAME_BYTES": _whole(64, 65_536, example=4096),
    "SOCKET_FRAMES_PER_SECOND": _whole(1, example=20),
    "SOCKET_UNSENT_BYTES": _whole(4096, example=65_536),
    "SLOW_READER_SECONDS": _seconds(600, example=20),
    "BEAT_SECONDS": _seconds(60, example=5),
    "DATABASE_CONNECTIONS": _whole(7, example=10),
    "DATABASE_POOLER": _one_of("none", "transaction"),
}
"""By name. One that is missing here may hold anything."""
