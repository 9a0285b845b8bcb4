"""Celery tasks that ring: each makes the frame of a saved row and sends it to the group of its recipient's sockets.

The row is committed before any of these run, and a socket drops what it has already shown, so each task may run
never, once or often. They block for the database and for the channel layer's Redis. A Redis that does not answer costs
speed only: the beat delivers. A database that is away is tried again (RETRIES).
"""

import re
from typing import Any, Final

import structlog
from celery import shared_task
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from bellhop import contract, frame_from_row
from bellhop.contract import NotificationEvent, user_group
from bellhop.database.away import AWAY
from bellhop.models import Inbox, Notification

log = structlog.get_logger(__name__)

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_TASK: Any = {"expires": contract.RING_EXPIRES}
# PostgreSQL restarting is worth waiting for; the beat has delivered by the time retries run out.
RETRIES: Final[dict[str, Any]] = {
    **_TASK,
    "autoretry_for": AWAY,
    # Expected: a line in the log, no traceback.
    "throws": AWAY,
    "max_retries": 5,
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    "retry_jitter": True,
}


@shared_task(name=contract.RING, **RETRIES)
def ring(notification_id: str) -> None:
    """Send a saved notification, of a kind without a task of its own, to its user's sockets. One query."""
    send([notification_id])


@shared_task(name=contract.RING_MANY, **RETRIES)
def ring_many(notification_ids: list[str]) -> None:
    """Send saved notifications to many users' sockets: one query, and one round trip to Redis, for all of them."""
    send(notification_ids)


@shared_task(name=contract.RING_CHANGES, **RETRIES)
def ring_changes(user_id: int) -> None:
    """Tell a user's sockets the latest rev: something was read, un-read, archived or deleted. One query."""
    if not isinstance(user_id, int):
        log.warning("user_unknown", user=user_id)
        return
    rev = Inbox.objects.filter(pk=user_id).values_list("rev", flat=True).first() or 0
    _group_send((user_id, {"type": contract.SEND_CHANGES, "rev": rev}))


@shared_task(name=contract.CHECK_LOGINS, **_TASK)
def check_logins(user_id: int) -> None:
    """Ask a user's sockets to look whether their login session has ended. No query."""
    if not isinstance(user_id, int):
        log.warning("user_unknown", user=user_id)
    elif _group_send((user_id, {"type": contract.CHECK_LOGIN})):
        log.info("logins_checked", user=user_id)


def send(notification_ids: list[str]) -> None:
    """Send the notifications of these ids that can be sent; log each of the others, once.

    One query and one round trip to Redis for all of them. One bad row costs the others of its batch nothing but a
    second attempt. Raises the errors of AWAY, for the task to be tried again; nothing else.
    """
    try:
        _send_together(notification_ids)
    except AWAY:
        raise
    except Exception as error:
        if len(notification_ids) == 1:
            log.error("notification_unsendable", id=notification_ids[0], error=repr(error))
            return
        # What of it has been rung already is rung again: a socket drops that.
        middle = len(notification_ids) // 2
        send(notification_ids[:middle])
        send(notification_ids[middle:])


def _send_together(notification_ids: list[str]) -> None:
    known = [identity for identity in notification_ids if _is_uuid(identity)]
    rows = list(Notification.objects.filter(pk__in=known).order_by("recipient", "seq"))
    found = {str(row.pk) for row in rows}
    for identity in notification_ids:
        if identity not in found:
            log.warning("notification_unknown", id=identity)
    if _group_send(*((row.recipient_id, _event(row)) for row in rows)):
        _note_rung(rows)


def _note_rung(rows: list[Notification]) -> None:
    """Log each row with the request that caused it, not the task's own; the rows of one request in one line."""
    requests: dict[str, list[Notification]] = {}
    for row in rows:
        requests.setdefault(row.request_id, []).append(row)
    for request_id, those in requests.items():
        if len(those) > 1:
            ids = " ".join(str(row.pk) for row in those)
            log.info("notifications_rung", request_id=request_id, count=len(those), ids=ids)
        else:
            (row,) = those
            log.info(
                "notification_rung",
                request_id=request_id,
                id=str(row.pk),
                user=row.recipient_id,
                seq=row.seq,
            )


def _is_uuid(text: object) -> bool:
    return isinstance(text, str) and _UUID(text) is not None


def _event(row: Notification) -> NotificationEvent:
    return {
        "type": contract.SEND_NOTIFICATION,
        "notification": frame_from_row.frame(row),
        "request_id": row.request_id,
    }


def _group_send(*events: tuple[int, Any]) -> bool:
    """Send each event to its user's group; return whether Redis took them."""
    try:
        layer: Any = get_channel_layer()
        layer.publish(*((user_group(user_id), event) for user_id, event in events))
    except (RedisError, OSError, TimeoutError) as error:
        for user_id, _ in events:
            log.warning("ring_lost", user=user_id, error=str(error), note="the beat delivers")
        return False
    return bool(events)
