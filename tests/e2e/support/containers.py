"""The stack as containers: commands inside them, faults through the Docker Engine, their logs."""

import json
import socket
from functools import cache
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

NUMBER = "com.docker.compose.container-number"


@cache
def engine() -> Any:
    """Return the client of the Docker Engine this stack runs on."""
    return docker.from_env(timeout=180)


def own_id() -> str:
    """Return the id of the container that these tests run in."""
    return socket.gethostname()


@cache
def project() -> str:
    """Return the compose project these tests belong to."""
    own = engine().containers.get(own_id())
    return str(own.labels["com.docker.compose.project"])


def containers(service: str | None = None) -> list[Container]:
    """Return the project's containers by number, running or not, one-shots included, test runs excluded."""
    labels = [f"com.docker.compose.project={project()}", "com.docker.compose.oneoff=False"]
    if service:
        labels.append(f"com.docker.compose.service={service}")
    found = engine().containers.list(all=True, filters={"label": labels})
    return sorted(found, key=lambda one: int(one.labels[NUMBER]))


def container(service: str) -> Container:
    """Return the first container of a service, as it is now."""
    try:
        found: Container = engine().containers.get(_first_id(service))
    except docker.errors.NotFound:
        # Compose has replaced it, as a changed variable makes it do.
        _first_id.cache_clear()
        found = engine().containers.get(_first_id(service))
    return found


@cache
def _first_id(service: str) -> str:
    """Return its id: it stops and starts, and others come and go, but it nearly always stays."""
    return str(containers(service)[0].id)


def attempt(service: str, *command: str) -> tuple[int, str]:
    """Run a command inside a service's container; return its exit status and output."""
    code, output = container(service).exec_run(list(command))
    return int(code), output.decode()


def ask_python(service: str, program: str, question: Any) -> Any:
    """Run a Python program in a service's container, with that service's settings; return what it prints last, as JSON.

    The program finds Django set up, and the question, as JSON, in sys.argv[1].
    """
    status, output = attempt(service, "python", "-c", _DJANGO + program, json.dumps(question))
    assert status == 0, output
    return json.loads(output.splitlines()[-1])


_DJANGO = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
"""


def launch(service: str, *command: str) -> None:
    """Start a command inside a service's container, and leave it to itself."""
    container(service).exec_run(list(command), detach=True)


def sql(statement: str) -> tuple[int, str]:
    return attempt("db", "psql", "-U", "bellhop", "-d", "bellhop", "-Atc", statement)


def redis(*command: str) -> tuple[int, str]:
    # As the tests' own user: nobody else may do what breaks it.
    user, _, password = Path("/credentials/tests/redis").read_text().strip().partition(":")
    known = ("--no-auth-warning", "--user", user, "--pass", password)
    return attempt("redis", "redis-cli", *known, *command)


def reload_nginx() -> None:
    container("nginx").kill("SIGHUP")


def logs(service: str, since: float = 0) -> list[str]:
    lines: list[str] = []
    for replica in containers(service):
        # To the fraction: what came of the test before must not be counted.
        options = {"since": since} if since else {}
        lines += replica.logs(**options).decode(errors="replace").splitlines()
    return lines


def stop(service: str) -> None:
    container(service).stop(timeout=5)


def start(service: str) -> None:
    container(service).start()


def kill(service: str) -> None:
    container(service).kill()


def pause(service: str) -> None:
    container(service).pause()


def resume(service: str) -> None:
    container(service).unpause()


def memory(service: str) -> int:
    """Return the bytes a service uses, file cache excluded, the kernel's socket buffers included."""
    return memory_of(container(service))


def memory_of(one: Container) -> int:
    """Return the same of one container, whichever of its service's it is."""
    found = one.stats(stream=False)["memory_stats"]
    return int(found["usage"]) - int(found["stats"].get("inactive_file", 0))


def health(service: str) -> str:
    """Return what Docker says of a service; where that is "unhealthy", what its check says now.

    A container that was paused counts as unhealthy until its next check, up to ten seconds later.
    """
    target = container(service)
    status = str(target.attrs["State"].get("Health", {}).get("Status", "none"))
    if status == "unhealthy" and target.status == "running":
        kind, *check = target.attrs["Config"]["Healthcheck"]["Test"]
        asked = ["sh", "-c", *check] if kind == "CMD-SHELL" else check
        status = "healthy" if target.exec_run(asked)[0] == 0 else status
    return status


def healthz(service: str) -> str:
    port = {"web": 8000, "ws": 8001}[service]
    code = (
        "import urllib.request, urllib.error\n"
        # Not by the proxy that the Docker client gave the container.
        "direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
        f"try: print(direct.open('http://127.0.0.1:{port}/healthz', timeout=10).read().decode())\n"
        "except urllib.error.HTTPError as error: print(error.code, error.read().decode())"
    )
    return attempt(service, "python", "-c", code)[1]
