"""Celery tasks that ring: each makes the frame of a saved row and sends it to the group of its recipient's sockets.

The row is committed before any of these run, and a socket drops what it has already shown, so each task may run
never, once or often. They block for the database and for the channel layer's Redis. A Redis that does not answer costs
speed only: the beat delivers. A database that is away is tried again (RETRIES).
"""

import re
from typing import Any, Final

from celery import shared_task
from redis.exceptions import RedisError

from bellhop import contract
from bellhop.database.away import AWAY
from bellhop.due import celery_worker  # noqa: F401 - a worker that knows these tasks looks after what is due
from bellhop.logs import get_logger
from bellhop.models import Inbox, Notification, user_key, write_database
from bellhop.ring import events
from bellhop.ring.channel_layer import get_channel_layer

log = get_logger(__name__)

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
TASK: Final[dict[str, Any]] = {"expires": contract.RING_EXPIRES}
# PostgreSQL restarting is worth waiting for; the beat has delivered by the time retries run out.
RETRIES: Final[dict[str, Any]] = {
    **TASK,
    "autoretry_for": AWAY,
    # Expected: a line in the log, no traceback.
    "throws": AWAY,
    "max_retries": 5,
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    # Else five of them could be over within seconds, before a server that restarts is back.
    "retry_jitter": False,
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
def ring_changes(user_id: int | str) -> None:
    """Tell a user's sockets the latest rev: something was read, un-read, archived or deleted. One query."""
    send_changes(user_id)


@shared_task(name=contract.CHECK_LOGINS, **TASK)
def check_logins(user_id: int | str) -> None:
    """Ask a user's sockets to look whether their login session has ended. No query."""
    send_check_of_logins(user_id)


def send_changes(user_id: int | str) -> None:
    """Do what `ring_changes` does, for a task of another name."""
    if not _is_key(user_id):
        log.warning("user_unknown", user=user_id)
        return
    inboxes = Inbox.objects.using(write_database.alias())
    key = user_key.to_key(user_id)
    rev = inboxes.filter(pk=key).values_list("rev", flat=True).first() or 0
    _publish(events.of_changes(user_id, rev))


def send_check_of_logins(user_id: int | str) -> None:
    """Do what `check_logins` does, for a task of another name."""
    if not _is_key(user_id):
        log.warning("user_unknown", user=user_id)
    elif _publish(events.of_ended_login(user_id)):
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
    stored = Notification.objects.using(write_database.alias()).filter(pk__in=known)
    # One without a number has no place yet: whoever numbers it rings, or the beat brings it.
    rows = [row for row in stored.order_by("recipient", "seq") if row.seq is not None]
    found = {str(row.pk) for row in rows}
    for identity in notification_ids:
        if identity not in found:
            _note_gone(identity, is_id=identity in known)
    if _publish(*(events.of_saved(row) for row in rows)):
        _note_rung(rows)


def _note_gone(identity: object, *, is_id: bool) -> None:
    if is_id:
        # Nothing to worry about: whoever withdraws, deletes or erases it may be faster than its ring.
        log.info("notification_gone", id=identity, note="withdrawn before its ring")
    else:
        log.warning("notification_unknown", id=identity)


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


def _is_key(user_id: object) -> bool:
    """Return whether it can be a user's primary key, as it comes out of a task's JSON."""
    if isinstance(user_id, bool) or not isinstance(user_id, int | str):
        return False
    return user_key.to_key(user_id) is not None


def _publish(*those: events.Event) -> bool:
    """Send each event to its group; return whether Redis took them."""
    try:
        get_channel_layer().publish(*those)
    except (RedisError, OSError, TimeoutError) as error:
        for group, _ in those:
            user = group.removeprefix(contract.GROUP_PREFIX)
            log.warning("ring_lost", user=user, error=str(error), note="the beat delivers")
        return False
    return bool(those)
