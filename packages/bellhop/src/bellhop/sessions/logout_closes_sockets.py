"""Who is signed out is told at once: when a login session ends, its sockets are asked to look whether theirs did.

What ends a session ends a row: logout, "sign out elsewhere", a password change, an administrator. Rows that go
behind Django's back are found by the sockets' beat.
"""

import threading
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from bellhop import contract
from bellhop.ring import publish_thread

_ENDS_SESSIONS: Final = frozenset({"password", "is_active"})


class _Request(threading.local):
    """The users whose sockets are to look, while a request is under way in this thread."""

    users: set[int] | None = None


_request = _Request()


@receiver(post_delete, sender=Session)
def session_deleted(instance: Session, **_: Any) -> None:
    """Ask the user's sockets to look whether it was theirs. An expired one has none: the beat closed them."""
    if instance.expire_date <= timezone.now():
        return
    if user_id := instance.get_decoded().get(SESSION_KEY):
        _ask(int(user_id))


@receiver(post_save, sender=get_user_model())
def user_saved(instance: Any, created: bool, update_fields: Any = None, **_: Any) -> None:
    """A new password ends every other session, and a deactivated user has none."""
    if not created and (update_fields is None or _ENDS_SESSIONS & set(update_fields)):
        _ask(instance.pk)


@receiver(post_delete, sender=get_user_model())
def user_deleted(instance: Any, **_: Any) -> None:
    """Nobody's sockets."""
    _ask(instance.pk)


def _ask(user_id: int) -> None:
    if _request.users is not None:
        _request.users.add(user_id)
    else:
        transaction.on_commit(lambda: _kick(user_id), robust=True)


@receiver(request_started)
def collect(**_: Any) -> None:
    """From here on wait for the end of the request."""
    _request.users = set()


@receiver(request_finished)
def ask_collected(**_: Any) -> None:
    """Ask after the answer has left: who has just changed their password needs its cookie to come back."""
    users, _request.users = _request.users, None
    for user_id in users or ():
        _kick(user_id)


def _kick(user_id: int) -> None:
    publish_thread.kick(contract.CHECK_LOGINS, user_id)
