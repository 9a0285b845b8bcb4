"""The stack's own settings as web uses them, with a database of the measurement's own beside the one that DATABASE_URL
names.
"""

from typing import Any

from stack.settings import *  # noqa: F403
from stack.settings import BELLHOP, DATABASES

NAME = "bench_inbox"
database: Any = DATABASES["default"]
database["NAME"] = NAME
# A request keeps its connection: that of a pool costs less than what is measured here would vary.
database["OPTIONS"].pop("pool", None)
database["OPTIONS"].pop("options", None)
database["CONN_MAX_AGE"] = None
BELLHOP = {**BELLHOP, "RING": "off"}
LOGGING_CONFIG = ""
DEBUG = False
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "bench.inbox.urls"
STATIC_URL = "/static/"
LOGIN_URL = "/login/"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
]
