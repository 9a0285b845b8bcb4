from celery import shared_task

from bellhop.notify import notify

from .models import User


@shared_task
def tell(email, text):
    """Notify somebody of something, in a worker."""
    notify(User.objects.get(email=email), text)
