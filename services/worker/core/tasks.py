"""The Celery task of a login: its welcome is made from the row and sent to the group of its user's sockets.

`bellhop.tasks`, which does it, has the tasks of all other kinds; `bellhop.kinds.login_welcome` has the words.
"""

from celery import shared_task

from bellhop import contract, tasks


@shared_task(name=contract.SEND_LOGIN_NOTIFICATION, **tasks.RETRIES)
def send_login_notification(notification_id: str) -> None:
    """Make the welcome of a saved login notification and send it to its user's group. One query; see tasks.send."""
    tasks.send([notification_id])
