"""Ring the doorbell: compose the message from the row and send it to the recipient's group.

The row is committed before any of these run, and a socket drops what it has already shown, so each task may run
never, once or often. A Redis that does not answer costs speed only: the beat delivers.
"""

from typing import Any, Final

import structlog
from asgiref.sync import async_to_sync
from celery import shared_task
from channels.layers import get_channel_layer
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from bellhop import compose, contract
from bellhop.contract import NotificationEvent, user_group
from bellhop.models import Inbox, Notification

log = structlog.get_logger(__name__)

_AWAY: Final = (OperationalError, InterfaceError)
# PostgreSQL restarting is worth waiting for; the beat has delivered by the time retries run out.
_RETRIES: Any = {
    "autoretry_for": _AWAY,
    # Expected: a line in the log, no traceback.
    "throws": _AWAY,
    "max_retries": 5,
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    "retry_jitter": True,
}


@shared_task(name=contract.SEND_LOGIN_NOTIFICATION, **_RETRIES)
def send_login_notification(notification_id: str) -> None:
    """Compose the welcome message of a saved login notification and send it to its user's sockets."""
    _send(notification_id)


@shared_task(name=contract.RING, **_RETRIES)
def ring(notification_id: str) -> None:
    """Send a saved notification of any other kind to its user's sockets."""
    _send(notification_id)


@shared_task(name=contract.RING_CHANGES, **_RETRIES)
def ring_changes(user_id: int) -> None:
    """Tell a user's sockets that something was read, un-read or archived."""
    if not isinstance(user_id, int):
        log.warning("user_unknown", user=user_id)
        return
    rev = Inbox.objects.filter(pk=user_id).values_list("rev", flat=True).first() or 0
    _group_send(user_id, {"type": contract.SEND_CHANGES, "rev": rev})


@shared_task(name=contract.CHECK_LOGINS)
def check_logins(user_id: int) -> None:
    """Ask a user's sockets to look whether their login session has ended."""
    if not isinstance(user_id, int):
        log.warning("user_unknown", user=user_id)
    elif _group_send(user_id, {"type": contract.CHECK_LOGIN}):
        log.info("logins_checked", user=user_id)


def _send(notification_id: str) -> None:
    try:
        row = Notification.objects.get(pk=notification_id)
    except (Notification.DoesNotExist, ValidationError):
        log.warning("notification_unknown", id=notification_id)
        return
    event: NotificationEvent = {
        "type": contract.SEND_NOTIFICATION,
        "notification": compose.frame(row),
        "request_id": row.request_id,
    }
    if _group_send(row.recipient_id, event):
        log.info("notification_rung", id=str(row.pk), user=row.recipient_id, seq=row.seq)


def _group_send(user_id: int, event: object) -> bool:
    try:
        async_to_sync(get_channel_layer().group_send)(user_group(user_id), event)
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("ring_lost", user=user_id, error=str(error), note="the beat delivers")
        return False
    return True
