"""A login session that ends closes its sockets at once: all sockets of its user are asked to look whether theirs ended.

Every end of a session deletes its row or changes its user: logout, "sign out elsewhere", a new password, an
administrator. What tells nobody (a session in a cache alone, or deleted behind Django's back) is found by the sockets'
periodic repair.

The receivers are connected by importing this module. They ask nothing of the database, and kick once the request, or
outside of one the transaction, has ended.
"""

import threading
from contextvars import ContextVar
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models.signals import post_delete, post_init, post_save
from django.dispatch import receiver
from django.utils import timezone

from bellhop.models import write_database
from bellhop.ring import publish_thread
from bellhop.sessions import stores
from bellhop.sessions.signature import user_id_in
from bellhop.sessions.users import has_djangos_session_hash

PATIENCE: Final = 1.0
"""Seconds after the commit that sockets are asked to look, where no end of the request has been heard of by then: on
Django 5.2 under ASGI that signal does not know which request ended."""

_ENDS_SESSIONS: Final = ("password", "is_active")


class _Request:
    """The users whose sockets are to look when the request under way has ended."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._users: set[Any] = set()
        self._timer: threading.Timer | None = None

    def add(self, user_id: Any) -> None:
        with self._lock:
            self._users.add(user_id)
        transaction.on_commit(self._wait, using=write_database.alias(), robust=True)

    def _wait(self) -> None:
        with self._lock:
            if self._users and self._timer is None:
                self._timer = threading.Timer(PATIENCE, self.end)
                self._timer.daemon = True
                self._timer.start()

    def end(self) -> None:
        """Ask the sockets of the users collected so far, once each."""
        with self._lock:
            users, self._users = self._users, set()
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        for user_id in users:
            publish_thread.kick(user_id)


_request: ContextVar[_Request | None] = ContextVar("bellhop_request", default=None)


@receiver(request_started)
def collect(**_: Any) -> None:
    """Begin to collect the users whose sockets are to look, until the request has ended."""
    _request.set(_Request())


@receiver(request_finished)
def ask_collected(**_: Any) -> None:
    """Ask the collected users' sockets after the answer has left: a browser needs the cookie in it to come back."""
    if (request := _request.get()) is not None:
        _request.set(None)
        request.end()


def _ask(user_id: Any) -> None:
    if (request := _request.get()) is not None:
        request.add(user_id)
    else:
        transaction.on_commit(
            lambda: publish_thread.kick(user_id), using=write_database.alias(), robust=True
        )


def logged_out(user: Any, **_: Any) -> None:
    """Ask the sockets of who has logged out: no row tells where the session lives in a cache."""
    if user is not None and user.pk is not None:
        _ask(user.pk)


def session_deleted(instance: Any, **_: Any) -> None:
    """Ask the sockets of the session's user to look. An expired session has none: the periodic repair closed them."""
    if instance.expire_date <= timezone.now():
        return
    if (user_id := user_id_in(instance.get_decoded())) is not None:
        _ask(user_id)


def _connect_sessions() -> None:
    # To the sessions' own model: a receiver of every model's signal would slow down each deletion of the project.
    store: Any = stores.store()
    if hasattr(store, "get_model_class"):
        post_delete.connect(session_deleted, sender=store.get_model_class())
    else:
        user_logged_out.connect(logged_out)


_connect_sessions()


@receiver(post_init, sender=get_user_model())
def user_loaded(instance: Any, **_: Any) -> None:
    """Remember, at the user itself, what ends sessions where it is changed: a save of anything else must ask nobody."""
    instance.__dict__["_bellhop_loaded"] = _relevant(instance)


@receiver(post_save, sender=get_user_model())
def user_saved(instance: Any, created: bool, update_fields: Any = None, **_: Any) -> None:
    """Ask the user's sockets to look: a new password ends every other session, deactivation every one."""
    before, now = instance.__dict__.get("_bellhop_loaded"), _relevant(instance)
    instance.__dict__["_bellhop_loaded"] = now
    if created or (update_fields is not None and not _may_end_sessions(update_fields)):
        return
    if before != now or not has_djangos_session_hash():
        _ask(instance.pk)


@receiver(post_delete, sender=get_user_model())
def user_deleted(instance: Any, **_: Any) -> None:
    """Ask the sockets of the user who is gone to look."""
    _ask(instance.pk)


def _relevant(user: Any) -> tuple[Any, ...]:
    """Return password and activity as the instance has them; a deferred field, which only a query would tell, is None.

    A save of a deferred field writes nothing.
    """
    loaded = user.__dict__
    return tuple(loaded.get(name) for name in _ENDS_SESSIONS)


def _may_end_sessions(update_fields: Any) -> bool:
    return not has_djangos_session_hash() or not set(_ENDS_SESSIONS).isdisjoint(update_fields)
