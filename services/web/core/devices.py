"""What a User-Agent header means to a person."""

from ua_parser import parse

MAX_LENGTH = 400
"""Characters of the header that are looked at; browsers stay below 250."""


def describe(user_agent: str) -> str:
    """Return e.g. ``Firefox on Windows``; the empty string for a header nobody recognises."""
    found = parse(user_agent[:MAX_LENGTH])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    return " on ".join(part for part in (browser, system) if part and part != "Other")
