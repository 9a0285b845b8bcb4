"""A foreign project, installed: a database of its own, its tables, people in it, and the programs that serve it."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from projects.harness import prepare
from projects.harness.databases import own_database, own_keys, postgresql_url, redis_url
from projects.harness.foreign_projects import FOLDER, Project
from projects.harness.processes import Program, free_port, running

PEOPLE: Final = 120

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


class Installation(ExitStack):
    """A project with a database, and its programs, which are started when first asked for and end with it."""

    def __init__(self, project: Project, folder: Path) -> None:
        super().__init__()
        self.project = project
        self.programs: dict[str, Program] = {}
        self.folder = folder
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
                "STATIC_ROOT": str(self.static_root),
                "CACHE_PREFIX": f"{name}_cache",
                "BROKER_PREFIX": f"{name}_broker.",
            }
            command = [sys.executable, prepare.__file__, *logins]
            self.prefix = self._run(command, self.environment()).stdout
            self.push(stack.pop_all())

    @property
    def root(self) -> Path:
        return FOLDER / self.project.folder

    @property
    def static_root(self) -> Path:
        """Where the project's static files are collected, if it has a STATIC_ROOT."""
        return self.folder / "static"

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
        (self.folder / f"{module}.py").write_text("\n".join(lines))
        return {**self._environment, "DJANGO_SETTINGS_MODULE": module}

    def manage(self, *arguments: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
        """Run `manage.py`, with a few other settings, to its end; whatever that is."""
        return self._run(self._manage(*arguments), self.environment(**settings), check=False)

    def web(self, *options: str, name: str = "web", **settings: Any) -> int:
        """Return the port of the project's pages under gunicorn with these options, started if it is not there yet."""
        served = ["gunicorn", self.project.application, "--no-control-socket", "--timeout=120"]
        return self.start(
            f"{name} {' '.join(options)}",
            lambda port: [sys.executable, "-m", *served, *options, f"--bind=127.0.0.1:{port}"],
            **settings,
        )

    def runserver(self, **settings: Any) -> int:
        """Return the port of the project's pages as in development."""
        return self.start(
            "runserver",
            lambda port: self._manage("runserver", "--noreload", f"127.0.0.1:{port}"),
            DEBUG=True,
            **settings,
        )

    def uvicorn(self, name: str = "uvicorn") -> int:
        """Return the port of the project's pages and sockets under uvicorn."""
        served = ["uvicorn", self.project.application, "--host=127.0.0.1"]
        return self.start(name, lambda port: [sys.executable, "-m", *served, f"--port={port}"])

    def ws(self, *, beat: float = BEAT_SECONDS, name: str = "ws", **settings: Any) -> int:
        """Return the port of `manage.py bellhop_ws`."""
        return self.start(
            f"{name} {beat:g}",
            lambda port: self._manage("bellhop_ws", "--host=127.0.0.1", f"--port={port}"),
            bellhop={"BEAT_SECONDS": beat},
            **settings,
        )

    def worker(self, queue: str = "celery", **settings: Any) -> None:
        """See to it that a Celery worker of the project takes the tasks of a queue; it does when this returns."""
        command = ["celery", "-A", "config.celery_app", "worker", "-Q", queue, "-c", "1"]
        options = ["-P", "prefork", "--without-gossip", "--without-mingle", "-n", f"{queue}@%h"]
        program = [sys.executable, "-m", *command, "--loglevel=INFO", *options]
        self.start(f"worker {queue}", program, sign=" ready.", **settings)

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

    def start(
        self,
        name: str,
        command: list[str] | Callable[[int], list[str]],
        sign: str = "",
        **settings: Any,
    ) -> int:
        """Start a program once; return its port, 0 where its command is made without one: that has a sign."""
        if name not in self.programs:
            port = None if isinstance(command, list) else free_port()
            self.programs[name] = self.enter_context(
                running(
                    Program(
                        name,
                        command if isinstance(command, list) else command(port or 0),
                        self.root,
                        self.environment(**settings),
                        self.folder / f"{self.project.folder}-{name.replace(' ', '_')}.log",
                        port,
                        sign,
                    )
                )
            )
        elif not self.programs[name].is_running:
            self.programs[name].start()
        return self.programs[name].port or 0

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def _run(
        self, command: list[str], environment: dict[str, str], *, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done
