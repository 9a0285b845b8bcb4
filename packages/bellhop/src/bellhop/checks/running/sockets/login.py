"""A login session as Django would make it, for one user and a minute, without anybody signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError

from bellhop.models import write_database
from bellhop.ring import publish_thread
from bellhop.sessions import stores, users

LIFE: Final = 60
"""Seconds after which the session would end by itself, were this process killed."""


class NoLogin(Exception):  # noqa: N818 - an answer, for the one line that is shown
    """There can be no login session of that user; the text says why."""


def find_user(name: str) -> AbstractBaseUser:
    """Return the user of that name, or with that primary key. Raises NoLogin."""
    model = get_user_model()
    # Not by the project's routers: a replica may not know yet who has just signed up.
    found: Any = model._default_manager.using(write_database.alias())
    for field in (model.USERNAME_FIELD, "pk"):
        try:
            user: AbstractBaseUser | None = found.filter(**{field: name}).first()
        except (ValidationError, ValueError, TypeError):
            # No such key can be.
            continue
        if user is not None:
            return user
    raise NoLogin(f"there is no user {name!r}")


@contextmanager
def login_session(user: AbstractBaseUser) -> Iterator[SessionBase]:
    """Yield a saved login session of the user, in the project's own store, and delete it at the end.

    No signal is sent: nobody is told of a login that was none. Raises NoLogin where no backend lets that user in.
    """
    session = stores.store()()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = _backend_of(user)
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.set_expiry(LIFE)
    session.create()
    try:
        yield session
    finally:
        session.delete()


def end(session: SessionBase, user: AbstractBaseUser) -> None:
    """Delete the session as a logout would, and wait until the user's sockets were asked to look."""
    session.delete()
    if not hasattr(session, "get_model_class"):
        # No row tells: at a logout Django's signal does, which would reach the project's own receivers.
        publish_thread.kick(user.pk)
    publish_thread.flush()


def _backend_of(user: AbstractBaseUser) -> str:
    for path in settings.AUTHENTICATION_BACKENDS:
        if users.read([(path, user.pk)]):
            return path
    raise NoLogin(
        f"no backend of AUTHENTICATION_BACKENDS lets {user.get_username()!r} in: not active?"
    )
