"""The WSGI application that gunicorn serves."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from core.private_apis import Utf8Request  # noqa: E402 - models need the settings

application = WSGIHandler()
application.request_class = Utf8Request
