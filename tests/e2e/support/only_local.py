"""Tests break the stack they run beside, and make accounts in it: never one that other people use."""

from stack import environment


def refusal() -> str:
    """Return in one line why nothing may run against the stack of this environment, or the empty text."""
    url = environment.public_url()
    is_development = environment.boolean("DEBUG", False)
    if url.is_local or (is_development and url.is_private):
        return ""
    return (
        f"bellhop: PUBLIC_URL: {url.origin} may be in use by people; tests, faults and load are for a stack at"
        " http://localhost"
    )


def check() -> None:
    """End with exit status 1 and that line where there is one."""
    if why := refusal():
        raise SystemExit(why)
