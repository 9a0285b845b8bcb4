"""What follows the commit of a notification: the ring, the log line, and the signal for whoever wants to know."""

from collections.abc import Sequence
from itertools import batched

from bellhop.logs import get_logger
from bellhop.models import Notification
from bellhop.models.signals import notification_saved
from bellhop.ring import publish_thread

log = get_logger(__name__)


def tell(rows: Sequence[Notification]) -> None:
    """Ring for committed, numbered rows, log them, and send `notification_saved` for each. Never raises, nor blocks."""
    try:
        publish_thread.ring_saved(rows)
    except Exception:
        # No thread to be had, for one: the beat delivers.
        log.exception("ring_failed")
    # After the rings: they need not wait for it.
    if len(rows) == 1:
        (row,) = rows
        log.info(
            "notification_saved", id=str(row.pk), user=row.recipient_id, seq=row.seq, kind=row.kind
        )
    else:
        # One line for all, in which each id can be found.
        for some in batched(rows, publish_thread.TOGETHER):
            ids = " ".join(str(row.pk) for row in some)
            log.info("notifications_saved", kind=some[0].kind, count=len(some), ids=ids)
    if notification_saved.has_listeners(Notification):
        for row in rows:
            notification_saved.send_robust(sender=Notification, notification=row)
