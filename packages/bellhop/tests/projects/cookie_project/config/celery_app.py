import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("crew")
# All configuration keys have the prefix `CELERY_`.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
