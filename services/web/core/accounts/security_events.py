"""What happens to accounts, a line each in the log, and a notification to whom it happens.

Each line has audit=security, so that one grep lists a takeover in order: failed logins, the lock, the login, the
changes. `account` is a keyed hash of the user name: it joins the lines before a login, which know no user, to those
after it, and tells a name to nobody who has the log alone. What was typed may be a password in the wrong field.
"""

from typing import Any, Final

import structlog
from allauth.account import signals
from allauth.account.adapter import get_adapter
from allauth.account.utils import filter_users_by_email
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from bellhop.contrib.device_names import describe, user_agent
from bellhop.database.away import AWAY
from bellhop.notify import notify
from bellhop.saving.savepoint import shielded
from core.pages import errors

log = structlog.get_logger(__name__)

HASH_DIGITS: Final = 16
"""Of a name in the log: enough to tell a million accounts apart."""


def login_failed(request: HttpRequest, typed: str) -> None:
    """Note a login that was refused for its name or password."""
    log.info("login_failed", **_who(request, _name_of(typed)))


def login_locked(request: HttpRequest, typed: str) -> None:
    """Note a login that was refused unseen, because there were too many before it: answered with 429."""
    log.warning("login_locked", **_who(request, _name_of(typed)))


def changed(request: HttpRequest, user: Any, event: str, what: str = "") -> None:
    """Note a change of an account, and tell its person; `event` is one of bellhop.kinds.security.EVENTS.

    Never raises: what was changed stays so. One query, four in a transaction.
    """
    log.info(event, user=user.pk, **_who(request, user.get_username()))
    facts = {
        "event": event,
        "what": what,
        "address": get_adapter().get_client_ip(request),
        "device": describe(user_agent(request)),
    }
    try:
        with shielded():
            notify(user, kind="security", data=facts)
    except AWAY as error:
        log.warning("security_notification_failed", user=user.pk, error=str(error).strip())
    except Exception:
        log.exception("security_notification_failed", user=user.pk)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer what allauth's throttles refuse; a login among them is a lock."""
    if request.method == "POST" and request.path == reverse("account_login"):
        login_locked(request, request.POST.get("login", ""))
    return errors.too_many_requests(request)


@receiver(signals.user_logged_in)
def _logged_in(request: HttpRequest, user: Any, **_: Any) -> None:
    log.info("login_succeeded", user=user.pk, **_who(request, user.get_username()))


@receiver([signals.password_changed, signals.password_set])
def _password_changed(request: HttpRequest, user: Any, **_: Any) -> None:
    changed(request, user, "password_changed")


@receiver(signals.password_reset)
def _password_reset(request: HttpRequest, user: Any, **_: Any) -> None:
    changed(request, user, "password_reset")


@receiver(signals.email_added)
def _email_added(request: HttpRequest, user: Any, email_address: Any, **_: Any) -> None:
    changed(request, user, "email_added", email_address.email)


@receiver(signals.email_changed)
def _email_changed(request: HttpRequest, user: Any, to_email_address: Any, **_: Any) -> None:
    changed(request, user, "email_changed", to_email_address.email)


@receiver(signals.email_removed)
def _email_removed(request: HttpRequest, user: Any, email_address: Any, **_: Any) -> None:
    changed(request, user, "email_removed", email_address.email)


@receiver(signals.email_confirmed)
def _email_confirmed(request: HttpRequest, email_address: Any, **_: Any) -> None:
    changed(request, email_address.user, "email_confirmed", email_address.email)


def _who(request: HttpRequest, name: str) -> dict[str, str]:
    digest = salted_hmac(__name__, name.lower(), algorithm="sha256").hexdigest()[:HASH_DIGITS]
    return {
        "audit": "security",
        "account": digest,
        "address": get_adapter().get_client_ip(request) or "",
    }


def _name_of(typed: str) -> str:
    """Return the user name of whose address it is, found as a login finds it; what was typed where it is nobody's."""
    try:
        found = filter_users_by_email(typed) if "@" in typed else []
    except DatabaseError:
        found = []
    return str(found[0].get_username() if found else typed)
