"""The Celery tasks of this stack, by the names that its contract gives them.

`bellhop.tasks` does the work of all of them; `bellhop.kinds.login_welcome` has a login's words.
"""

from celery import shared_task

from bellhop import tasks
from stack import task_names


@shared_task(name=task_names.SEND_LOGIN_NOTIFICATION, **tasks.RETRIES)
def send_login_notification(notification_id: str) -> None:
    """Make the welcome of a saved login notification and send it to its user's group. One query; see tasks.send."""
    tasks.send([notification_id])


@shared_task(name=f"{task_names.TASKS}.ring", **tasks.RETRIES)
def ring(notification_id: str) -> None:
    """Send a saved notification of any other kind to its user's sockets."""
    tasks.send([notification_id])


@shared_task(name=f"{task_names.TASKS}.ring_many", **tasks.RETRIES)
def ring_many(notification_ids: list[str]) -> None:
    """Send saved notifications to many users' sockets."""
    tasks.send(notification_ids)


@shared_task(name=f"{task_names.TASKS}.ring_changes", **tasks.RETRIES)
def ring_changes(user_id: int | str) -> None:
    """Tell a user's sockets the latest rev."""
    tasks.send_changes(user_id)


@shared_task(name=task_names.CHECK_LOGINS, **tasks.TASK)
def check_logins(user_id: int | str) -> None:
    """Ask a user's sockets to look whether their login session has ended."""
    tasks.send_check_of_logins(user_id)
