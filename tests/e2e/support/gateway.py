"""Where the stack is, and what people call it.

The tests run beside nginx, where "localhost" is someone else: they connect to GATEWAY and say PUBLIC_URL.
"""

import os
from urllib.parse import urlsplit

from stack import environment

BARE = bool(os.environ.get("BARE"))
"""Whether the stack runs as local processes, started by `./bellhop` on a host without Docker."""

WITHOUT_REDIS = bool(os.environ.get("WITHOUT_REDIS"))
"""Whether Redis stays stopped during the whole run: everything that is promised then comes by the beat."""

_public = environment.public_url()
PUBLIC_URL = _public.origin
PUBLIC_HOST = PUBLIC_URL.partition("://")[2]
GATEWAY = os.environ.get("GATEWAY") or PUBLIC_HOST
_gateway = urlsplit(f"//{GATEWAY}")
GATEWAY_HOST = _gateway.hostname or "localhost"
GATEWAY_PORT = _gateway.port or 80

BEAT = float(os.environ.get("BEAT_SECONDS") or 5)
"""Seconds of one beat."""

PATIENCE = 3
"""A bound of the contract is a deadline at this many times its value in a test."""
