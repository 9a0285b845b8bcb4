"""Where the stack is, and what people call it.

The tests run beside nginx, where "localhost" is someone else: they connect to GATEWAY and say PUBLIC_URL.
"""

import os
from urllib.parse import urlsplit

BARE = bool(os.environ.get("BARE"))
"""Whether the stack runs as local processes, started by `./bellhop` on a host without Docker."""

WITHOUT_REDIS = bool(os.environ.get("WITHOUT_REDIS"))
"""Whether Redis stays stopped during the whole run: everything that is promised then comes by the beat."""

_http_port = os.environ.get("HTTP_PORT") or "80"
PUBLIC_URL = os.environ.get("PUBLIC_URL") or (
    "http://localhost" if _http_port == "80" else f"http://localhost:{_http_port}"
)
PUBLIC_HOST = urlsplit(PUBLIC_URL).netloc
GATEWAY = os.environ.get("GATEWAY") or PUBLIC_HOST
GATEWAY_HOST, _, _port = GATEWAY.partition(":")
GATEWAY_PORT = int(_port or 80)

BEAT = float(os.environ.get("BEAT_SECONDS") or 5)
"""Seconds of one beat."""

PATIENCE = 3
"""A bound of the contract is a deadline at this many times its value in a test."""
