"""Every address that the site answers, from its own URL patterns."""

import re
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")


def templates(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Yield paths, with `{}` for each parameter."""
    for pattern in (resolver or get_resolver()).url_patterns:
        written = str(pattern.pattern)
        path = prefix + _PARAMETER.sub("{}", _GROUP.sub("{}", written)).strip("^$").replace(
            "\\Z", ""
        )
        if isinstance(pattern, URLResolver):
            yield from templates(pattern, path)
        elif "(" not in path:
            yield path
