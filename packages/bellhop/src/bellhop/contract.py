"""The names and figures that several programs must spell alike: tasks, groups, event types, frames, close codes.

A web process names tasks that only a worker runs, and groups that only socket servers join; browsers rely on frames
and codes. Change a line here and someone else's
client breaks: extend, don't bend.
"""

import hashlib
import re
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Literal, NotRequired, TypedDict

# Celery tasks of bellhop.tasks, each called with what must be looked up again. A project may send them under names that
# begin otherwise (conf.TASKS).
TASKS: Final = "bellhop.tasks"
RING: Final = "bellhop.tasks.ring"
RING_MANY: Final = "bellhop.tasks.ring_many"
RING_CHANGES: Final = "bellhop.tasks.ring_changes"
CHECK_LOGINS: Final = "bellhop.tasks.check_logins"
# Seconds after which no worker runs a ring any more: the beat has long delivered it, and a night's worth of them would
# keep the next one waiting. By the clocks of two machines.
RING_EXPIRES: Final = 60

# Channel-layer event types. Channels calls the consumer's method of that name, with "_" for ".".
SEND_NOTIFICATION: Final = "send.notification"
SEND_CHANGES: Final = "send.changes"
CHECK_LOGIN: Final = "check.login"

# Between socket processes: the group that all of them hear, and the event that says how many sockets one of them holds.
SOCKET_PROCESSES: Final = "socket_processes"
SOCKETS_HERE: Final = "sockets.here"

GROUP_PREFIX: Final = "notifications_"
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

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

# The largest value of PostgreSQL's bigint, which seq and rev are stored as.
SEQ_MAX: Final = 2**63 - 1


def user_group(user_id: object) -> str:
    """Return the channel-layer group of one user's sockets, e.g. ``notifications_7``. Two keys never share one.

    `user_id` is the user's primary key, or the text of one. Channels takes letters, digits, "-", "_" and ".", at most
    99 characters: any other key goes as its SHA-256, behind a "." that no plain key has.
    """
    key = str(user_id)
    if not _PLAIN_KEY.fullmatch(key):
        key = "." + hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
    return f"{GROUP_PREFIX}{key}"


def user_key(user: Any) -> str:
    """Return what tells an account from another that got the same primary key later: the database was made anew.

    A page compares it with `ready`: an old tab must not show what belongs to whoever signed in since. Where the user
    model has no `date_joined`, the key alone must do.
    """
    joined = getattr(user, "date_joined", None)
    return f"{user.pk}-{int(joined.timestamp())}" if isinstance(joined, datetime) else f"{user.pk}"


class CloseCode(IntEnum):
    """Why the server closed a socket. Under daphne an application may only use 1000 and 3000-4999."""

    RESTARTING = (
        1012  # by the server itself; also to some of the sockets, where other processes have fewer
    )
    BAD_FRAME = 4400
    NO_SESSION = 4401
    UNKNOWN_PATH = 4404
    TOO_SLOW = 4408
    TOO_MANY = 4429
    UNAVAILABLE = 4503


class NotificationFields(TypedDict):
    """A notification as the HTTP list returns it: a frame without its ``type``.

    The fields that need not be there are there only where they say something.
    """

    id: str
    seq: int
    kind: str
    message: str
    body: str
    url: str
    data: dict[str, Any]
    created: str
    read: bool
    # False: it shall only be listed.
    toast: NotRequired[bool]
    # True: the desktop may tell of it, too.
    desktop: NotRequired[bool]
    # The address of a static file.
    icon: NotRequired[str]
    importance: NotRequired[Literal["low", "high"]]
    # What belongs together.
    thread: NotRequired[str]
    # Of a summary: how many it tells of.
    count: NotRequired[int]
    # From then on it is withdrawn.
    expires: NotRequired[str]


class NotificationFrame(NotificationFields):
    """A saved notification on the socket."""

    type: Literal["notification"]


class NotificationEvent(TypedDict):
    """What the worker sends to a user's group. Exactly one of `notification` and `message` is there."""

    type: Literal["send.notification"]
    notification: NotRequired[NotificationFrame]
    message: NotRequired[str]
    request_id: NotRequired[str]
