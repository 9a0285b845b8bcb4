"""A login session that ends closes its sockets at once: all sockets of its user are asked to look whether theirs ended.

Every end of a session deletes its row or changes its user: logout, "sign out elsewhere", a new password, an
administrator. What happens behind Django's back is found by the sockets' periodic repair.

The receivers are connected by importing this module. They ask nothing of the database, and kick once the request, or
outside of one the transaction, has ended.
"""

import threading
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from bellhop import contract
from bellhop.ring import publish_thread
from bellhop.sessions.signature import user_id_in

_ENDS_SESSIONS: Final = frozenset({"password", "is_active"})


class _Request(threading.local):
    """The users whose sockets are to look, while a request is under way in this thread."""

    users: set[int] | None = None


_request = _Request()


@receiver(post_delete, sender=Session)
def session_deleted(instance: Session, **_: Any) -> None:
    """Ask the sockets of the session's user to look. An expired session has none: the periodic repair closed them."""
    if instance.expire_date <= timezone.now():
        return
    if user_id := user_id_in(instance.get_decoded()):
        _ask(user_id)


@receiver(post_save, sender=get_user_model())
def user_saved(instance: Any, created: bool, update_fields: Any = None, **_: Any) -> None:
    """Ask the user's sockets to look: a new password ends every other session, deactivation every one."""
    if not created and (update_fields is None or _ENDS_SESSIONS & set(update_fields)):
        _ask(instance.pk)


@receiver(post_delete, sender=get_user_model())
def user_deleted(instance: Any, **_: Any) -> None:
    """Ask the sockets of the user who is gone to look."""
    _ask(instance.pk)


def _ask(user_id: int) -> None:
    if _request.users is not None:
        _request.users.add(user_id)
    else:
        transaction.on_commit(lambda: _kick(user_id), robust=True)


@receiver(request_started)
def collect(**_: Any) -> None:
    """Begin to collect the users whose sockets are to look, until the request has ended."""
    _request.users = set()


@receiver(request_finished)
def ask_collected(**_: Any) -> None:
    """Ask the collected users' sockets after the answer has left: a browser needs the cookie in it to come back."""
    users, _request.users = _request.users, None
    for user_id in users or ():
        _kick(user_id)


def _kick(user_id: int) -> None:
    publish_thread.kick(contract.CHECK_LOGINS, user_id)
