"""The Celery application that rings are published through. The tasks themselves live in the worker."""

from stack.celery_app import celery_app

app = celery_app("bellhop-web")
