from asgiref.sync import async_to_sync
from celery import shared_task
from channels.layers import get_channel_layer

from notifications.models import Notification


@shared_task
def send_notification(notification_id):
    notification = Notification.objects.get(pk=notification_id)
    async_to_sync(get_channel_layer().group_send)(
        f"notifications_{notification.user_id}",
        {"type": "send.notification", "message": notification.message},
    )


@shared_task
def send_login_notification(user_id, username):
    async_to_sync(get_channel_layer().group_send)(
        f"notifications_{user_id}",
        {"type": "send.notification", "message": f"Welcome back, {username}"},
    )
