from allauth.account.signals import user_logged_in
from django.dispatch import receiver

from notifications.tasks import send_login_notification


@receiver(user_logged_in)
def user_logged_in_receiver(request, user, **kwargs):
    send_login_notification.delay(user.id, user.username)
