"""The session key that a browser's cookies carry, for the web service and for the socket service alike."""

import re
from collections.abc import Mapping
from typing import Final

from django.conf import settings

_SESSION_KEY: Final = re.compile(r"[a-z0-9]{32}")
"""What Django makes. A cookie may say anything: NUL, for one, is an error in PostgreSQL instead of no row."""


def session_key_in(cookies: Mapping[str, str]) -> str:
    """Return the session key, or the empty string where the cookies hold none that Django could have made."""
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    return key if _SESSION_KEY.fullmatch(key) else ""
