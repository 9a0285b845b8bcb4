"""`manage.py preflight`: the one-shot `preflight` service's check of the settings, before a service with them starts.

Reading the settings is the check.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import sizes
from stack import environment, server_urls


class Command(BaseCommand):
    help = "Check the configuration; print one line and fail if a variable is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sizes.connections()
        sizes.check_memory()
        for name in ("DATABASE_OWNER_URL", "DATABASE_READER_URL"):
            if environment.text(name):
                _check_role(name)
        if settings.PUBLIC_URL.scheme == "https" and not settings.TRUSTED_PROXIES:
            self.stdout.write(
                "warning: TRUSTED_PROXIES is empty, so nobody is believed to have come over TLS, and every request is"
                f" redirected to {settings.PUBLIC_URL.origin}: name the proxy that ends TLS (see .env.example)"
            )
        self.stdout.write("configuration ok")


def _check_role(name: str) -> None:
    """End with one line where a role's URL makes no sense, or stands without DATABASE_URL, which all services share."""
    if not environment.text("DATABASE_URL"):
        environment.refuse(
            name, "goes with DATABASE_URL, the application's; the stack's own db has roles already"
        )
    server_urls.database(name, default_password="")
