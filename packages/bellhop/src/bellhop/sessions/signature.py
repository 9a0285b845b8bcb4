"""Whether a login session is signed for a user: the one place that compares a session's hash with the user's.

Django signs a session with a hash of the user's password under SECRET_KEY. A change of the password ends the session;
a change of SECRET_KEY does not, while the old key is among SECRET_KEY_FALLBACKS.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import constant_time_compare

from bellhop.models import user_key


def user_id_in(session: Mapping[str, Any]) -> Any:
    """Return the primary key of the user that the decoded session names; None if it names none, or nonsense."""
    return user_key.to_key(session.get(SESSION_KEY))


def is_signed_for(session: Mapping[str, Any], user: AbstractBaseUser) -> bool:
    """Return whether the decoded session is this user's, signed with their password as it is now, by any valid key.

    Asks nothing of the database.
    """
    signed = session.get(HASH_SESSION_KEY) or ""
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user_id_in(session) == user.pk and any(
        constant_time_compare(signed, hash_) for hash_ in valid
    )
