"""File descriptors of this process: each socket takes one."""

from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from typing import Final

from bellhop.logs import get_logger

log = get_logger(__name__)

REFUSALS: Final = 128
"""Sockets beyond the limit that are being told so, each for a moment; whoever comes meanwhile gets a 503."""

_OTHERS: Final = 128
"""What else is open: database, Redis, health checks, the log, the event loop, modules while they are imported."""


def sockets_allowed(most: int) -> int:
    """Return how many of `most` sockets the limit on open files allows, raised as far as this process may raise it.

    One that allows fewer is logged.
    """
    needed = most + REFUSALS + _OTHERS
    soft, hard = getrlimit(RLIMIT_NOFILE)
    if _is_below(soft, needed):
        soft = min(needed, hard) if hard != RLIM_INFINITY else needed
        setrlimit(RLIMIT_NOFILE, (soft, hard))
    if not _is_below(soft, needed):
        return most
    allowed = max(1, soft - REFUSALS - _OTHERS)
    log.warning(
        "sockets_limited",
        most=allowed,
        wanted=most,
        files=soft,
        note="raise the limit on open files (ulimit -n; `ulimits` in Compose), or lower SOCKETS_PER_PROCESS",
    )
    return allowed


def _is_below(limit: int, needed: int) -> bool:
    return limit != RLIM_INFINITY and limit < needed
