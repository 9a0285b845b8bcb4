"""Docker as the door finds it, and this clone's stack as Compose sees it.

Python's standard library only, 3.9 or newer, as all of the door.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import published_address

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_MIN = (2, 24)  # the first with !override in a merged file
ENGINE_MIN = (25, 0)  # the first with start_interval in a health check


class NoDockerError(Exception):
    """There is no Docker here: a Linux host can do without."""


class RefusedError(Exception):
    """Docker is here and not fit for use; the text says what to do."""


def check_docker() -> None:
    """Raise NoDockerError where no Docker Engine answers, RefusedError where one is too old or not ours to use."""
    if not shutil.which("docker"):
        raise NoDockerError(
            "Docker is needed and was not found: install Docker Desktop, or Docker Engine with Compose"
        )
    info = capture(["docker", "info", "--format", "{{.ServerVersion}}"])
    engine = version_of(info.stdout)
    # It exits with 0 even where no engine answers.
    if info.returncode != 0 or not engine:
        if "permission denied" in info.stderr:
            raise RefusedError(
                "this user may not talk to the Docker Engine: sudo usermod -aG docker $USER, then sign in again"
            )
        raise NoDockerError(
            "the Docker Engine does not answer: is Docker Desktop, or the docker service, running?"
        )
    compose = version_of(capture(["docker", "compose", "version", "--short"]).stdout)
    for name, found, wanted in (
        ("Docker Engine", engine, ENGINE_MIN),
        ("Docker Compose", compose, COMPOSE_MIN),
    ):
        if found < wanted:
            has = ".".join(map(str, found)) or "none"
            needed = ".".join(map(str, wanted))
            raise RefusedError(
                f"{name} {needed} or newer is needed, found {has}: update Docker Desktop, or its packages"
            )


def version_of(text: str) -> "tuple[int, ...]":
    """Return major and minor of a version like v2.26.1-4, or the empty tuple."""
    found = re.match(r"v?(\d+)\.(\d+)", text.strip())
    return tuple(map(int, found.groups())) if found else ()


def compose(*arguments: str) -> int:
    """Show and run a Compose command; return its exit status."""
    # What runs in a container may be written into a file.
    said_to = sys.stderr if arguments[:1] == ("exec",) else sys.stdout
    print("$ docker compose", *arguments, file=said_to, flush=True)
    try:
        return subprocess.run(["docker", "compose", *arguments], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def capture(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def read_logs(files: "list[str]", *services: str) -> "list[str]":
    """Return the services' log lines so far, without Compose's prefixes and control sequences."""
    command = ["docker", "compose", *files, "logs", "--no-color", "--no-log-prefix", *services]
    return [
        re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line) for line in capture(command).stdout.splitlines()
    ]


def last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


class Stack(NamedTuple):
    """The stack as Compose reads it from its files and `.env`."""

    project: str
    is_production: bool
    port: int
    bind: str
    """The address that the port is published on; empty: every one."""
    url: str


def configured(files: "list[str]") -> Stack:
    """Ask Compose what it would start; end with one line that names the variable where that is nonsense."""
    shown = capture(["docker", "compose", *files, "config", "--format", "json"])
    if shown.returncode != 0:
        said = last_line(shown.stderr)
        raise SystemExit(
            f"bellhop: HTTP_PORT: {said}" if "hostPort" in said else f"bellhop: {said}"
        )
    found = json.loads(shown.stdout)
    services = found["services"]
    (port,) = services["nginx"]["ports"]
    try:
        number = published_address.port(str(port["published"]))
        bind = published_address.bind(port.get("host_ip", ""), "")
    except ValueError as error:
        raise SystemExit(f"bellhop: {error}") from None
    return Stack(
        project=found["name"],
        is_production=services["web"]["environment"]["DEBUG"] == "false",
        port=number,
        bind=bind,
        url=published_address.origin(
            services["nginx"]["environment"].get("PUBLIC_URL") or "", number
        ),
    )


def is_ours(files: "list[str]") -> bool:
    """Return whether it is this stack's own nginx that runs already."""
    listed = ["docker", "compose", *files, "ps", "--quiet", "--status", "running", "nginx"]
    return bool(capture(listed).stdout.strip())


def runs_production() -> bool:
    """Return whether the containers of this project's web service are production's."""
    found = capture(["docker", "compose", "ps", "--quiet", "web"]).stdout.split()
    command = ["docker", "inspect", "--format", "{{json .Config.Env}}", *found]
    return bool(found) and '"DEBUG=false"' in capture(command).stdout
