"""What web and worker of this stack must spell alike: its Celery tasks and queues, and the worker's sign."""

from typing import Final

TASKS: Final = "core.tasks"
"""Begins the name of every task that rings: those of the founding text. `bellhop.tasks` does the work."""

SEND_LOGIN_NOTIFICATION: Final = "core.tasks.send_login_notification"
"""Rings for a notification of the kind "login"."""

CHECK_LOGINS: Final = "core.tasks.check_logins"
"""Asks a user's sockets whether their login session has ended: a kick."""

RING_QUEUE: Final = "rings"
"""Rings have a queue of their own, so that no fan-out delays them."""

KICK_QUEUE: Final = "kicks"
"""And so have kicks: a broadcast is many rings."""

WORKER_SIGN: Final = "worker"
"""The key, behind the installation's prefix, that any worker renews on the broker's Redis while it can run a task."""

WORKER_SIGN_SECONDS: Final = 10
"""How long that key lives."""
