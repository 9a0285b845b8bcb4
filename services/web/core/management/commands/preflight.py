"""`manage.py preflight`: the one-shot `preflight` service's check of the settings, before the database starts.

Reading the settings is the check: a placeholder must not become the password of a new volume.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import sizes


class Command(BaseCommand):
    help = "Check the configuration; print one line and fail if a variable is wrong."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sizes.connections()
        if settings.PUBLIC_URL.scheme == "https" and not settings.TRUSTED_PROXIES:
            self.stdout.write(
                "warning: TRUSTED_PROXIES is empty, so nobody is believed to have come over TLS, and every request is"
                f" redirected to {settings.PUBLIC_URL.origin}: name the proxy that ends TLS (see .env.example)"
            )
        self.stdout.write("configuration ok")
