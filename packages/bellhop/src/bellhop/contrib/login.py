"""What makes a notification of a login, whatever signal told of it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from bellhop.conf import conf
from bellhop.contract import SESSION_MARK
from bellhop.contrib.device_names import describe, user_agent
from bellhop.database.away import AWAY
from bellhop.logs import get_logger
from bellhop.models import Inbox
from bellhop.models.write_database import connection
from bellhop.notify import notify
from bellhop.saving.savepoint import shielded

log = get_logger(__name__)


def notify_of_login(request: HttpRequest, user: AbstractBaseUser, address: str) -> None:
    """Notify the user of the login: when, from where, with what. Never raises: that would be a failed login.

    The session keeps the seq before this notification (contract.SESSION_MARK), where its sockets begin. One query, four
    in a transaction. It waits as long as the connection's lock_timeout says for the user's inbox; then the login goes
    without a notification, its sockets begin at the latest one there is, and the log says why.

    Nor does an error spoil a transaction that the login runs in (ATOMIC_REQUESTS). A login that conf.LOGIN_NOTIFIES
    says no to begins at the latest one, too.
    """
    try:
        if not _is_wanted(request, user):
            _begin_at_the_latest(request, user)
            return
        with shielded():
            # Inside a transaction the row has no number yet: then what is there by now comes before it.
            before = Inbox.state_of(user.pk).seq if connection().in_atomic_block else None
            row = notify(user, kind="login", data=_facts(request, user, address))
            if before is None:
                before = row.seq - 1 if row.seq else Inbox.state_of(user.pk).seq
            _begin_at(request, before)
    except AWAY as error:
        # The user's lock was not to be had in time, or the database is on its way out.
        log.warning("login_notification_failed", user=user.pk, error=str(error).strip())
        _begin_at_the_latest(request, user)
    except Exception:
        log.exception("login_notification_failed", user=user.pk)
        _begin_at_the_latest(request, user)


def _is_wanted(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Return whether the project wants a notification of this login."""
    chosen: Any = conf.LOGIN_NOTIFIES
    if chosen is None:
        return True
    wants: Callable[[HttpRequest, AbstractBaseUser], bool] = (
        import_string(chosen) if isinstance(chosen, str) else chosen
    )
    return bool(wants(request, user))


def _facts(request: HttpRequest, user: AbstractBaseUser, address: str) -> dict[str, str]:
    """Return what bellhop.kinds.login_welcome makes words of."""
    return {
        "name": name_of(user),
        "at": timezone.now().isoformat(timespec="seconds"),
        "address": address,
        "device": describe(user_agent(request)),
    }


def name_of(user: Any) -> str:
    """Return what to call a user: the full name where the model has one and it says something, else the user name.

    A model may have done away with first and last name by None, of which Django would make "None None".
    """
    parts = [getattr(user, name, "") for name in ("first_name", "last_name")]
    full = user.get_full_name() if hasattr(user, "get_full_name") and None not in parts else ""
    return str(full or getattr(user, "name", "") or user.get_username())


def _begin_at(request: HttpRequest, seq: int) -> None:
    # A program may log somebody in without a session.
    if (session := getattr(request, "session", None)) is not None:
        session[SESSION_MARK] = seq


def _begin_at_the_latest(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Let the session's sockets begin at what is stored now, without waiting for any lock. Never raises. One query."""
    try:
        with shielded():
            _begin_at(request, Inbox.state_of(user.pk).seq)
    except AWAY as error:
        log.warning("session_mark_failed", user=user.pk, error=str(error).strip())
    except Exception:
        log.exception("session_mark_failed", user=user.pk)
