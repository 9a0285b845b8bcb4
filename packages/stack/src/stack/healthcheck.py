"""`python -m stack.healthcheck URL`: exit 0 when the URL answers 200, else 1 with the reason on one line.

Standard library only: it runs every few seconds in every container.
"""

import http.client
import sys
from urllib.parse import urlsplit

TIMEOUT = 4.0
"""Seconds; below the 5 s that Compose gives the check."""


def reason(url: str) -> str:
    """Return why `url` is not healthy, or the empty string."""
    parts = urlsplit(url)
    try:
        connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
        connection.request("GET", parts.path)
        response = connection.getresponse()
        body = response.read(500).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"{url}: {error}"
    return "" if response.status == http.client.OK else f"{url}: {response.status} {body}"


if __name__ == "__main__":
    sys.exit(reason(sys.argv[1]) or 0)
