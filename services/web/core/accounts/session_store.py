"""The session engine: Django's database one, without a question to it for each new key."""

import re
from typing import Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

KEY_LENGTH = 32
"""As Django's; the socket service takes no other."""


_KEY: Final = re.compile(f"[{VALID_KEY_CHARS}]{{{KEY_LENGTH}}}")


class SessionStore(db.SessionStore):
    """Its name is part of the signature, so that sessions of Django's own store stay valid, and the other way round."""

    def _validate_session_key(self, key: str) -> bool:
        # Whatever a cookie says, NUL for one, which PostgreSQL does not take: nobody is signed in with it.
        return bool(key) and _KEY.fullmatch(key) is not None

    def _get_new_session_key(self) -> str:
        # Django looks first whether it is taken. `create()` inserts and takes another key if it was: 165 random bits
        # are not worth a round trip at each login.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
