"""The session engine: Django's database one, without a question to it for each new key."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.utils.crypto import get_random_string

KEY_LENGTH = 32
"""As Django's; the socket service takes no other."""


class SessionStore(db.SessionStore):
    """Its name is part of the signature, so that sessions of Django's own store stay valid, and the other way round."""

    def _get_new_session_key(self) -> str:
        # Django looks first whether it is taken. `create()` inserts and takes another key if it was: 165 random bits
        # are not worth a round trip at each login.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
