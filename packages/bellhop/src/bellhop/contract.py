"""The names and figures that several programs must spell alike: tasks, groups, event types, frames, close codes.

The web service names tasks that only the worker defines, the worker names groups that only the
socket service joins, and browsers rely on frames and codes. Change a line here and someone else's
client breaks: extend, don't bend.
"""

from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Literal, NotRequired, TypedDict

# Celery tasks, defined in the worker's core/tasks.py, each called with what must be looked up again.
SEND_LOGIN_NOTIFICATION: Final = "core.tasks.send_login_notification"
RING: Final = "core.tasks.ring"
RING_MANY: Final = "core.tasks.ring_many"
RING_CHANGES: Final = "core.tasks.ring_changes"
CHECK_LOGINS: Final = "core.tasks.check_logins"
# Rings have a queue of their own, so that no fan-out delays them, and so have kicks: a broadcast is many rings.
RING_QUEUE: Final = "rings"
KICK_QUEUE: Final = "kicks"
# Seconds after which no worker runs a ring any more: the beat has long delivered it, and a night's worth of them would
# keep the next one waiting. By the clocks of two machines.
RING_EXPIRES: Final = 60

# The key, behind the installation's prefix, that any worker renews on the broker's Redis while it can run a task.
WORKER_SIGN: Final = "worker"
WORKER_SIGN_SECONDS: Final = 10

# Channel-layer event types. Channels calls the consumer's method of that name, with "_" for ".".
SEND_NOTIFICATION: Final = "send.notification"
SEND_CHANGES: Final = "send.changes"
CHECK_LOGIN: Final = "check.login"

SOCKET_PATH: Final = "/ws/notifications/"
# The key in a login session's data: the recipient's seq before that login's own notification.
SESSION_MARK: Final = "bellhop_since"

# At most this many missed notifications are sent over the socket; beyond it the client is told to
# `resync`. The same figure bounds the ids in a `state` frame and a page of the HTTP list.
REPLAY_LIMIT: Final = 200

# What one notification may hold: the UTF-8 bytes of its whole frame. notify() refuses more; a longer row that came past
# it is sent shortened. Well below the socket's SOCKET_UNSENT_BYTES, or a reader on a bad line would be closed with
# 4408 at the same notification for ever.
FRAME_BYTES: Final = 32 * 1024
# Levels of mappings and lists in a notification's `data`, itself included. Many JSON parsers stop at 64 or 100.
DATA_DEPTH: Final = 32
# The integers of `data`: what msgpack carries. A browser rounds those beyond 2**53.
INTEGER_MIN: Final = -(2**63)
INTEGER_MAX: Final = 2**64 - 1

# The largest value of PostgreSQL's bigint, which seq and rev are stored as.
SEQ_MAX: Final = 2**63 - 1


def user_group(user_id: int) -> str:
    """Return the channel-layer group of one user's sockets, e.g. ``notifications_7``."""
    return f"notifications_{int(user_id)}"


def user_key(user_id: int, joined: datetime) -> str:
    """Return what tells an account from another that got the same id later: the database was made anew.

    A page compares it with `ready`: an old tab must not show what belongs to whoever signed in since.
    """
    return f"{user_id}-{int(joined.timestamp())}"


class CloseCode(IntEnum):
    """Why the server closed a socket. Under daphne an application may only use 1000 and 3000-4999."""

    RESTARTING = 1012  # by the server itself
    BAD_FRAME = 4400
    NO_SESSION = 4401
    UNKNOWN_PATH = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4429
    UNAVAILABLE = 4503


class NotificationFields(TypedDict):
    """A notification as the HTTP list returns it: a frame without its ``type``."""

    id: str
    seq: int
    kind: str
    message: str
    body: str
    url: str
    data: dict[str, Any]
    created: str
    read: bool


class NotificationFrame(NotificationFields):
    """A saved notification on the socket."""

    type: Literal["notification"]


class NotificationEvent(TypedDict):
    """What the worker sends to a user's group. Exactly one of `notification` and `message` is there."""

    type: Literal["send.notification"]
    notification: NotRequired[NotificationFrame]
    message: NotRequired[str]
    request_id: NotRequired[str]
