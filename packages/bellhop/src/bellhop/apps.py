from django.apps import AppConfig


class BellhopConfig(AppConfig):
    name = "bellhop"
    verbose_name = "Notifications"
    default_auto_field = "django.db.models.BigAutoField"
