"""What the web service connects when it starts."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """This stack's own part of the web service."""

    name = "core"

    def ready(self) -> None:
        from config import celery  # noqa: F401 - makes it the default application
        from core import signals  # noqa: F401 - connects the receiver of logins
        from core.accounts import security_events  # noqa: F401 - connects those of what happens to accounts
