"""A small Django project of somebody else's, in a folder and a database of its own, which takes Bellhop in.

Its settings are changed for one run of a program by lines that are put behind them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings as live_settings
from psycopg import sql

SETTINGS = """
SECRET_KEY = "a key of their own, and long enough for everybody"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "people", "core", "bellhop",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "pages"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""

PAGES = """
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse(f"hello {request.user.is_authenticated}")),
    path("notifications/", include("bellhop.urls")),
]
"""

# What a project may have that Bellhop has, too.
CORE_MODELS = """
from django.conf import settings
from django.db import models

class Notification(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")

class Inbox(models.Model):
    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
"""

MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("makemigrations", "people", "core", verbosity=0)
call_command("migrate", verbosity=0)
"""


@dataclass
class Run:
    """How a program has ended, and what it wrote to stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def line(self, begin: str) -> str:
        """Return the first line that begins so; AssertionError with everything where there is none."""
        found = [line for line in self.lines if line.startswith(begin)]
        assert found, f"no line {begin!r} in:\n{self.out}\n{self.err}"
        return found[0]


class Project:
    """`database` is the name of its own; `redis` the URL of what BELLHOP names, for all projects the same."""

    def __init__(
        self, folder: Path, database: str, redis: str, *, user: str = "", more: str = ""
    ) -> None:
        self.folder = folder
        self.database = database_settings(database)
        self._numbers = count()
        self.write("people/__init__.py", "")
        self.write("people/models.py", user)
        self.write("core/__init__.py", "")
        self.write("core/models.py", CORE_MODELS)
        self.write("pages.py", PAGES)
        theirs = (
            f'DATABASES = {{"default": {self.database!r}}}\nBELLHOP = {{"REDIS_URL": {redis!r}}}\n'
        )
        self.write("site_settings.py", SETTINGS + theirs + more)

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(
        self,
        *arguments: str,
        settings: str = "",
        output: int = subprocess.PIPE,
        waits: bool = False,
    ) -> subprocess.Popen[str]:
        """Start Python with the project's settings, and those lines behind them. `waits`: with a stdin that is open."""
        module = f"changed_settings_{next(self._numbers)}"
        self.write(f"{module}.py", f"from site_settings import *\n{settings}\n")
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": module,
            "PYTHONPATH": os.pathsep.join([str(self.folder), *filter(None, sys.path)]),
            # Two hundred programs would compile the same files one after the other.
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "compiled"),
        }
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
        )

    def run(self, *arguments: str, settings: str = "") -> Run:
        """Run Python to its end."""
        process = self.start(*arguments, settings=settings)
        out, err = process.communicate(timeout=250)
        return Run(process.returncode, out, err)

    def manage(self, *arguments: str, settings: str = "") -> Run:
        """Run a management command."""
        return self.run("-m", "django", *arguments, settings=settings)

    def told(self, code: str, *, settings: str = "") -> Any:
        """Run code after django.setup(), and return what it gives to `tell`. AssertionError where it fails."""
        begin = "import django, json; django.setup()\ntell = lambda it: print('TOLD', json.dumps(it, default=str))\n"
        run = self.run("-c", begin + code, settings=settings)
        assert run.code == 0, run.err
        return json.loads(run.line("TOLD ").removeprefix("TOLD "))


def database_settings(name: str) -> dict[str, Any]:
    """Return Django's settings of a database on the server of these tests."""
    server: dict[str, Any] = live_settings.DATABASES["default"]
    where = {key: server[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
    return {**where, "ENGINE": "django.db.backends.postgresql", "NAME": name}


def server_connection(name: str = "postgres") -> psycopg.Connection[Any]:
    """Return a connection with a database of that server, without transactions."""
    server = database_settings(name)
    return psycopg.connect(
        host=server["HOST"],
        port=server["PORT"] or None,
        user=server["USER"],
        password=server["PASSWORD"],
        dbname=name,
        autocommit=True,
    )


def redis_number(url: str, number: int) -> str:
    """Return the URL of another database on the same Redis."""
    return urlsplit(url)._replace(path=f"/{number}").geturl()


@contextmanager
def database(name: str) -> Iterator[str]:
    """Make an empty database, and drop it at the end."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with server_connection() as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            server.execute(drop)
