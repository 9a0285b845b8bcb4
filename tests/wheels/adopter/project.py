"""A project as `startproject` makes it, and the lines by which it adopts the package."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from wheels.adopter.running import RefusedError

ADOPTED: Final = """
import os

INSTALLED_APPS += ["bellhop"]
# A beat so rare that what comes soon was rung.
BELLHOP = {{"REDIS_URL": {redis_url!r}, "BEAT_SECONDS": 60}}

# The project's own.
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", **{database!r}}}}}
DEFAULT_AUTO_FIELD = os.environ.get("AUTO_FIELD", "django.db.models.BigAutoField")
"""

EVERYTHING: Final = """
INSTALLED_APPS += ["allauth", "allauth.account", "bellhop.contrib.allauth"]
BELLHOP["RING"] = "celery"

# The project's own.
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
CELERY_BROKER_URL = {redis_url!r}
# A broker that others may use, too.
CELERY_TASK_DEFAULT_QUEUE = {database_name!r}
"""

CELERY: Final = """
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotel.settings")
app = Celery("hotel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
"""

URLS: Final = """
from django.urls import include

urlpatterns += [path("notifications/", include("bellhop.urls"))]
"""


class Project:
    """A project in `folder`, on a database of its own and a Redis."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self._database = _connection(database_url)
        self._redis_url = redis_url

    def start(self) -> None:
        """Make the project, and write the lines by which it adopts the package."""
        self.run("-m", "django", "startproject", "hotel", ".")
        self._append("settings.py", ADOPTED)
        self._append("urls.py", URLS)

    def take_everything(self) -> None:
        """Write the lines for the package's other extras: a Celery worker that rings, logins through allauth."""
        self._append("settings.py", EVERYTHING)
        self._append("urls.py", 'urlpatterns += [path("accounts/", include("allauth.urls"))]\n')
        (self.folder / "hotel/celery.py").write_text(CELERY)
        (self.folder / "hotel/__init__.py").write_text("from .celery import app as celery_app\n")

    def _append(self, name: str, lines: str) -> None:
        values = {
            "redis_url": self._redis_url,
            "database": self._database,
            "database_name": self._database["NAME"],
        }
        with (self.folder / "hotel" / name).open("a") as file:
            file.write(lines.format(**values) if "{" in lines else lines)

    def run(self, *arguments: str, **variables: str) -> str:
        """Run this Python in the project's folder; return what it printed. Refused, with that, when it fails."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RefusedError(f"{' '.join(arguments)}: exit {done.returncode}", done.stdout)
        return done.stdout

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a management command; as `run`."""
        return self.run("manage.py", *arguments, **variables)


def _connection(url: str) -> dict[str, str]:
    """Return what Django's DATABASES calls the parts of a database's address."""
    parts = urlsplit(url)
    return {
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
