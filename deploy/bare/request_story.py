"""One request's story: every service's lines about it, in the order in which they began."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bare.errors import MissingError


def tell(request_id: str, lines: Iterable[str]) -> list[str]:
    """Return the lines about a request, by time; refuse what cannot be a request id."""
    if not re.fullmatch(r"[0-9A-Za-z-]{8,64}", request_id):
        raise MissingError("a request id has 8 to 64 letters, digits and dashes")
    return sorted((line for line in lines if request_id in line), key=_began)


def _began(line: str) -> float:
    """Return when a line's event began, in seconds of its day: nginx writes when a request ends."""
    time = re.search(r"timestamp=\S+T(\d+):(\d+):([\d.]+)Z", line)
    took = re.search(r" took=([\d.]+)", line)
    if not time:
        return 0.0
    hours, minutes, seconds = time.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds) - float(took[1] if took else 0)
