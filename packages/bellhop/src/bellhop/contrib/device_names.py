"""The name of a browser or program, as a person would call it, from its User-Agent header."""

from typing import Final

from django.http import HttpRequest

MAX_LENGTH: Final = 400
"""Characters of the header that are looked at; browsers stay below 250."""


def user_agent(request: HttpRequest | None) -> str:
    """Return the header as far as it is looked at, without the NUL that PostgreSQL does not take."""
    if request is None:
        # A login without a request, in a test or a command.
        return ""
    return request.headers.get("user-agent", "")[:MAX_LENGTH].replace("\0", "")


def describe(header: str) -> str:
    """Return e.g. ``Firefox on Windows``; the empty string for a header that is not recognised.

    Nothing is, where ua-parser is not installed: the extra `allauth` has it.
    """
    try:
        from ua_parser import parse
    except ImportError:
        return ""
    found = parse(header[:MAX_LENGTH])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    return " on ".join(part for part in (browser, system) if part and part != "Other")
