"""The Celery application that `celery -A config.celery worker` runs."""

import logging
import os

import django
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

from stack.celery_app import celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

app = celery_app("bellhop-worker", consumes=True, task_cls="core.deliveries:CountedTask")
app.conf.update(
    imports=["core.tasks", "bellhop.tasks"],
    task_acks_late=True,
    task_retry_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # On SIGTERM (see the image's REMAP_SIGTERM) running tasks get this many seconds, then go back.
    worker_soft_shutdown_timeout=10,
)
# The request id of the login that caused a task goes on in the task's log lines.
app.steps["worker"].add(DjangoStructLogInitStep)

from core import brokerlog, devices  # noqa: E402, F401 - needs the configured app; connects its receiver
from core.heartbeat import Heartbeat  # noqa: E402

app.steps["consumer"].add(Heartbeat)
logging.getLogger(brokerlog.LOGGER).addFilter(brokerlog.broker_log)


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Celery would replace the handlers; being connected is enough to stop it."""
