import os
import signal

from django.core.management.base import BaseCommand
from django.db import transaction

from bellhop.notify import notify
from crew.users.models import User


class Command(BaseCommand):
    help = "Notify somebody of something."

    def add_arguments(self, parser):
        parser.add_argument("to")
        parser.add_argument("text")
        parser.add_argument("--die", action="store_true", help="right after the commit")

    def handle(self, *, to, text, die, **options):
        with transaction.atomic():
            if die:
                # In the line of what follows the commit it comes before anything of notify()'s.
                transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            notify(User.objects.get(email=to), text)
