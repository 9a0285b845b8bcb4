from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from config import celery  # noqa: F401 - makes it the default application
        from core import sessions, signals  # noqa: F401 - connects the receivers
