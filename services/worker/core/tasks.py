"""The task of a login: its welcome is composed from the row and sent to its user's sockets.

How that goes is read in `bellhop.tasks`, which has the tasks of everything else.
"""

from celery import shared_task

from bellhop import contract, tasks


@shared_task(name=contract.SEND_LOGIN_NOTIFICATION, **tasks.RETRIES)
def send_login_notification(notification_id: str) -> None:
    """Compose the welcome message of a saved login notification and send it to its user's group."""
    tasks.send([notification_id])
