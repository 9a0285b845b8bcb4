"""A login becomes a notification."""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from django.contrib.auth.models import AbstractUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from bellhop.contract import SESSION_MARK
from bellhop.contrib.device_names import describe, user_agent
from bellhop.database.away import AWAY
from bellhop.models import Inbox
from bellhop.notify import notify
from bellhop.saving.savepoint import shielded

log = structlog.get_logger(__name__)


# allauth's signal, not Django's of the same name: an allauth login sends both.
@receiver(user_logged_in)
def user_logged_in_receiver(request: HttpRequest, user: AbstractUser, **_: Any) -> None:
    """Notify the user of the login: when, from where, with what. Never raises: that would be a 500.

    Nor does it spoil a transaction that the login runs in (ATOMIC_REQUESTS). Without a notification where the user's
    inbox is not to be had within bellhop.database.timeouts's LOCK.
    """
    try:
        with shielded():
            row = notify(user, kind="login", data=_facts(request, user))
            request.session[SESSION_MARK] = row.seq - 1
    except AWAY as error:
        # The user's lock was not to be had in time, or the database is on its way out.
        log.warning("login_notification_failed", user=user.pk, error=str(error).strip())
        _mark_from_here(request, user)
    except Exception:
        log.exception("login_notification_failed", user=user.pk)
        _mark_from_here(request, user)


def _facts(request: HttpRequest, user: AbstractUser) -> dict[str, str]:
    return {
        "name": user.get_full_name() or user.get_username(),
        "at": timezone.now().isoformat(timespec="seconds"),
        "address": get_adapter().get_client_ip(request),
        "device": describe(user_agent(request)),
    }


def _mark_from_here(request: HttpRequest, user: AbstractUser) -> None:
    """Let the session's sockets begin at what is stored now, without waiting for any lock."""
    try:
        with shielded():
            request.session[SESSION_MARK] = Inbox.state_of(user.pk).seq
    except AWAY as error:
        log.warning("session_mark_failed", user=user.pk, error=str(error).strip())
    except Exception:
        log.exception("session_mark_failed", user=user.pk)
