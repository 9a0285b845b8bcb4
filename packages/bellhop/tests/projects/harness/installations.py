"""A foreign project, installed: a database of its own, its tables, people in it, and the programs that serve it."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from projects.harness import prepare
from projects.harness.databases import own_database, own_keys, postgresql_url, redis_url
from projects.harness.processes import Program, free_port, running

FOLDER: Final = Path(__file__).resolve().parent.parent
PEOPLE: Final = 60

BEAT_SECONDS: Final = 60
"""Longer than any test: what arrives has been rung."""

FAST_BEAT_SECONDS: Final = 1


LOGGING: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
"""Without DEBUG Django keeps its errors to itself."""


@dataclass(frozen=True)
class Project:
    """A Django project in a folder of this one, and what whoever starts or uses it must know."""

    folder: str
    settings: str
    application: str
    logins: str
    """The n-th person's login, as a format."""

    login_field: str = "username"
    """Of the form at /accounts/login/."""


UUID_PROJECT: Final = Project("uuid_project", "shop.settings", "shop.wsgi", "person{}")
COOKIE_PROJECT: Final = Project(
    "cookie_project",
    "config.settings.production",
    "config.wsgi",
    "person{}@example.com",
    login_field="login",
)
ASGI_PROJECT: Final = Project("asgi_project", "live.settings", "live.asgi:application", "person{}")


class Installation(ExitStack):
    """A project with a database, and its programs, which are started when first asked for and end with it."""

    def __init__(self, project: Project, folder: Path) -> None:
        super().__init__()
        self.project = project
        self.programs: dict[str, Program] = {}
        self._folder = folder
        self._settings = 0
        logins = [project.logins.format(number) for number in range(PEOPLE)]
        self._newcomers = iter(logins)
        name = f"{project.folder}_{uuid.uuid4().hex[:12]}"
        redis = redis_url()
        with ExitStack() as stack:
            database = stack.enter_context(own_database(postgresql_url(), name))
            for place in ("cache", "broker"):
                stack.enter_context(own_keys(redis, f"{name}_{place}"))
            self._environment = {
                **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
                # Twenty programs would compile the same files one after the other.
                "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
                "PYTHONPATH": os.pathsep.join(
                    [str(self.root), str(folder), os.environ.get("PYTHONPATH", "")]
                ),
                "DATABASE_URL": database,
                "REDIS_URL": redis,
                "SECRET_KEY": f"{name}, and then enough of it to make Django's checks content",
                "ALLOWED_HOSTS": "127.0.0.1",
                "CACHE_PREFIX": f"{name}_cache",
                "BROKER_PREFIX": f"{name}_broker.",
            }
            command = [sys.executable, prepare.__file__, *logins]
            self.prefix = self._run(command, self.environment()).stdout
            self.push(stack.pop_all())

    @property
    def root(self) -> Path:
        return FOLDER / self.project.folder

    def person(self) -> str:
        """Return the login of somebody who has not been anywhere yet."""
        return next(self._newcomers)

    def environment(
        self, bellhop: Mapping[str, Any] | None = None, **settings: Any
    ) -> dict[str, str]:
        """Return the environment of a program: the project's own settings, with a few others for the test."""
        self._settings += 1
        module = f"tested_{self.project.folder}_{self._settings}"
        lines = [
            f"from {self.project.settings} import *",
            "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']",
            "ACCOUNT_RATE_LIMITS = False",
            f"LOGGING = {LOGGING!r}",
            f"BELLHOP = BELLHOP | {{'BEAT_SECONDS': {BEAT_SECONDS}}} | {dict(bellhop or {})!r}",
            *(f"{name} = {value!r}" for name, value in settings.items()),
        ]
        (self._folder / f"{module}.py").write_text("\n".join(lines))
        return {**self._environment, "DJANGO_SETTINGS_MODULE": module}

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `manage.py` to its end; whatever that is."""
        return self._run([sys.executable, "manage.py", *arguments], self.environment(), check=False)

    def web(self, *options: str, name: str = "web", **settings: Any) -> int:
        """Return the port of the project's pages under gunicorn with these options, started if it is not there yet."""
        return self._serve(
            f"{name} {' '.join(options)}",
            [
                "gunicorn",
                self.project.application,
                "--bind=127.0.0.1:{}",
                "--no-control-socket",
                *options,
            ],
            **settings,
        )

    def uvicorn(self) -> int:
        """Return the port of the project's pages and sockets under uvicorn."""
        return self._serve(
            "uvicorn", ["uvicorn", self.project.application, "--host=127.0.0.1", "--port={}"]
        )

    def ws(self, *, beat: float = BEAT_SECONDS) -> int:
        """Return the port of `manage.py bellhop_ws`."""
        return self._serve(
            f"ws {beat:g}",
            ["manage", "bellhop_ws", "--host=127.0.0.1", "--port={}"],
            bellhop={"BEAT_SECONDS": beat},
        )

    def worker(self, queue: str = "celery", **settings: Any) -> None:
        """See to it that a Celery worker of the project takes the tasks of a queue."""
        command = ["celery", "-A", "config.celery_app", "worker", "-Q", queue, "-c", "1"]
        options = ["-P", "prefork", "--without-gossip", "--without-mingle", "-n", f"{queue}@%h"]
        self._serve(f"worker {queue}", [*command, *options], **settings)

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """End at the end what was started meanwhile: not all programs need be there at a time."""
        before = {program.name for program in self.programs.values() if program.is_running}
        yield
        for program in self.programs.values():
            if program.name not in before:
                program.kill()

    def program(self, port: int) -> Program:
        """Return the program that listens on that port."""
        (found,) = (program for program in self.programs.values() if program.port == port)
        return found

    def _serve(self, name: str, command: list[str], **settings: Any) -> int:
        """Start a program once; a "{}" in its command is its port."""
        if name not in self.programs:
            module, *options = command
            start = ["manage.py"] if module == "manage" else ["-m", module]
            port = free_port()
            self.programs[name] = self.enter_context(
                running(
                    Program(
                        name,
                        [sys.executable, *start, *(option.format(port) for option in options)],
                        self.root,
                        self.environment(**settings),
                        self._folder / f"{self.project.folder}-{name.replace(' ', '_')}.log",
                        port if "{}" in json.dumps(command) else None,
                    )
                )
            )
        elif not self.programs[name].is_running:
            self.programs[name].start()
        return self.programs[name].port or 0

    def _run(
        self, command: list[str], environment: dict[str, str], *, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done
