"""The running stack from outside: commands in its containers, faults, logs. Faults are real ones."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import docker
from docker.models.containers import Container


@cache
def engine() -> Any:
    """Return the client of the Docker Engine this stack runs on."""
    return docker.from_env()


@cache
def project() -> str:
    """Return the compose project these tests belong to."""
    own = engine().containers.get(socket.gethostname())
    return str(own.labels["com.docker.compose.project"])


def containers(service: str | None = None) -> list[Container]:
    """Return the project's containers, running or not, one-shots included, test runs excluded."""
    labels = [f"com.docker.compose.project={project()}", "com.docker.compose.oneoff=False"]
    if service:
        labels.append(f"com.docker.compose.service={service}")
    return list(engine().containers.list(all=True, filters={"label": labels}))


def container(service: str) -> Container:
    """Return the first container of a service."""
    return containers(service)[0]


def run(service: str, *command: str) -> str:
    """Run a command inside a service's container and return its output; AssertionError if it fails."""
    code, output = container(service).exec_run(list(command))
    text = output.decode()
    assert code == 0, f"{service}: {' '.join(command)}: exit {code}\n{text}"
    return text


def shell(code: str) -> str:
    """Run Python with Django set up in the web container."""
    return run("web", "python", "manage.py", "shell", "--verbosity", "0", "-c", code)


def sql(statement: str) -> str:
    """Run one SQL statement in the database, behind everyone's back."""
    return run("db", "psql", "-U", "bellhop", "-d", "bellhop", "-Atc", statement).strip()


def logs(service: str, since: float = 0) -> list[str]:
    """Return a service's log lines since a Unix time, of all replicas."""
    lines: list[str] = []
    for replica in containers(service):
        lines += (
            replica.logs(**({"since": int(since)} if since else {}))
            .decode(errors="replace")
            .splitlines()
        )
    return lines


@contextmanager
def stopped(service: str) -> Iterator[None]:
    """The service is stopped for good: its name is gone, connections are refused."""
    target = container(service)
    target.stop(timeout=5)
    try:
        yield
    finally:
        target.start()
        wait_healthy()


@contextmanager
def paused(service: str) -> Iterator[None]:
    """The service hangs: it accepts connections and never answers."""
    target = container(service)
    target.pause()
    try:
        yield
    finally:
        target.unpause()
        wait_healthy()


def health(service: str) -> str:
    """Return what Docker's health check says of a service: healthy, unhealthy, starting."""
    target = container(service)
    target.reload()
    return str(target.attrs["State"].get("Health", {}).get("Status", "none"))


def wait_healthy(timeout: float = 90) -> None:
    """Wait until every long-running service is healthy."""
    services = ("db", "redis", "web", "worker", "ws", "nginx")
    deadline = time.monotonic() + timeout
    states: dict[str, str] = {}
    while time.monotonic() < deadline:
        states = {service: health(service) for service in services}
        if set(states.values()) == {"healthy"}:
            return
        time.sleep(0.5)
    raise AssertionError(f"not healthy after {timeout:.0f} s: {states}")
