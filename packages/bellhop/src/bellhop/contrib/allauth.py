"""What makes a notification of a login through allauth.

Not connected to any signal here: a project's receiver of allauth's `user_logged_in` calls notify_of_login().
"""

import structlog
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.utils import timezone

from bellhop.contract import SESSION_MARK
from bellhop.contrib.device_names import describe, user_agent
from bellhop.database.away import AWAY
from bellhop.models import Inbox
from bellhop.notify import notify
from bellhop.saving.savepoint import shielded

log = structlog.get_logger(__name__)


def notify_of_login(request: HttpRequest, user: AbstractUser) -> None:
    """Notify the user of the login: when, from where, with what. Never raises: that would be a failed login.

    The session keeps the seq before this notification (contract.SESSION_MARK), where its sockets begin. One query. It
    waits at most bellhop.database.timeouts's LOCK seconds for the user's inbox; then the login goes without a
    notification, its sockets begin at the latest one there is, and the log says why.

    Nor does an error spoil a transaction that the login runs in (ATOMIC_REQUESTS).
    """
    try:
        with shielded():
            row = notify(user, kind="login", data=_facts(request, user))
            request.session[SESSION_MARK] = row.seq - 1
    except AWAY as error:
        # The user's lock was not to be had in time, or the database is on its way out.
        log.warning("login_notification_failed", user=user.pk, error=str(error).strip())
        _begin_at_the_latest(request, user)
    except Exception:
        log.exception("login_notification_failed", user=user.pk)
        _begin_at_the_latest(request, user)


def _facts(request: HttpRequest, user: AbstractUser) -> dict[str, str]:
    """Return what bellhop.kinds.login_welcome makes words of."""
    return {
        "name": user.get_full_name() or user.get_username(),
        "at": timezone.now().isoformat(timespec="seconds"),
        "address": get_adapter().get_client_ip(request),
        "device": describe(user_agent(request)),
    }


def _begin_at_the_latest(request: HttpRequest, user: AbstractUser) -> None:
    """Let the session's sockets begin at what is stored now, without waiting for any lock. Never raises. One query."""
    try:
        with shielded():
            request.session[SESSION_MARK] = Inbox.state_of(user.pk).seq
    except AWAY as error:
        log.warning("session_mark_failed", user=user.pk, error=str(error).strip())
    except Exception:
        log.exception("session_mark_failed", user=user.pk)
