from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from bellhop.notify import notify


class Command(BaseCommand):
    help = "Notify somebody of something."

    def add_arguments(self, parser):
        parser.add_argument("to")
        parser.add_argument("text")

    def handle(self, *, to, text, **options):
        notify(get_user_model().objects.get(username=to), text)
