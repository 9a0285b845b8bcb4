"""The door on a host with Docker: what it says before anything is built. `docker` is a script that answers
as the real one did, recorded from Engine 26.1 and Compose 2.26; the ports are real.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAID_NO = (
    "permission denied while trying to connect to the Docker daemon socket at"
    " unix:///var/run/docker.sock: connect: permission denied"
)


class Docker:
    """A `docker` command whose answers a test chooses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine, self.compose, self.stderr = "26.1.5", "2.26.1-4", ""
        self.port, self.running, self.log = 80, "", ""

    def bellhop(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `./bellhop` with this docker; what it called is in `calls`."""
        config = {
            "services": {
                "nginx": {"ports": [{"published": str(self.port)}], "environment": {}},
            }
        }
        (self.folder / "config.json").write_text(json.dumps(config))
        (self.folder / "log").write_text(self.log)
        script = self.folder / "docker"
        script.write_text(
            f"""#!/bin/sh
echo "$@" >> "{self.folder}/calls"
case "$*" in
  info*) echo '{self.engine}'; echo '{self.stderr}' >&2 ;;
  *version*) echo '{self.compose}' ;;
  *config*) cat "{self.folder}/config.json" ;;
  *ps*) echo '{self.running}' ;;
  *logs*) cat "{self.folder}/log" ;;
  *up*) exit {1 if self.log else 0} ;;
esac
"""
        )
        script.chmod(0o755)
        return subprocess.run(
            [sys.executable, "bellhop", *arguments],
            cwd=ROOT,
            env={"PATH": f"{self.folder}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def docker(tmp_path: Path, free_port: int) -> Docker:
    docker = Docker(tmp_path)
    docker.port = free_port
    return docker


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_up_builds_and_waits_and_says_where_to_go(docker: Docker) -> None:
    done = docker.bellhop("up")
    assert done.returncode == 0, done.stderr
    assert "compose up --build --wait" in docker.calls
    assert done.stdout.splitlines()[-1] == (
        f"Bellhop is ready: http://localhost:{docker.port}   sign in with demo / demo"
    )


def test_a_taken_port_is_named_before_anything_is_built(docker: Docker, taken_port: int) -> None:
    docker.port = taken_port
    done = docker.bellhop("up")
    assert done.returncode == 1
    assert done.stderr.startswith(f"bellhop: HTTP_PORT: port {taken_port} is taken")
    assert len(done.stderr.splitlines()) == 1
    assert not [call for call in docker.calls if "up" in call.split()]


def test_the_port_of_the_running_stack_itself_is_not_taken(docker: Docker, taken_port: int) -> None:
    docker.port, docker.running = taken_port, "0a1b2c3d"
    assert docker.bellhop("up").returncode == 0


@pytest.mark.parametrize(
    ("engine", "compose", "named"),
    [
        ("24.0.7", "2.26.1", "Docker Engine 25.0 or newer is needed, found 24.0"),
        ("26.1.5", "v2.23.3", "Docker Compose 2.24 or newer is needed, found 2.23"),
        ("26.1.5", "", "Docker Compose 2.24 or newer is needed, found none"),
    ],
)
def test_an_old_docker_is_refused_and_nothing_started_without_it(
    docker: Docker, engine: str, compose: str, named: str
) -> None:
    docker.engine, docker.compose = engine, compose
    done = docker.bellhop("up")
    assert done.returncode == 2
    assert done.stderr.startswith(f"bellhop: {named}")
    assert "local processes" not in done.stdout


def test_who_may_not_talk_to_docker_is_told_so_and_gets_no_second_database(docker: Docker) -> None:
    docker.engine, docker.stderr = "", SAID_NO
    done = docker.bellhop("up")
    assert done.returncode == 2
    assert "usermod -aG docker" in done.stderr
    assert "local processes" not in done.stdout


def test_what_a_one_shot_refused_is_the_last_line(docker: Docker) -> None:
    refusal = "bellhop: POSTGRES_PASSWORD: the database was made with another one"
    docker.log = f"Operations to perform:\n{refusal}\n"
    done = docker.bellhop("up")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == refusal


def test_manage_runs_as_who_will_own_the_files(docker: Docker) -> None:
    assert docker.bellhop("manage", "makemigrations", "--empty", "core").returncode == 0
    assert docker.calls[-1] == (
        f"compose exec -T --user {os.getuid()}:{os.getgid()} web"
        " python manage.py makemigrations --empty core"
    )


def test_nonsense_is_refused_with_a_usage_line(docker: Docker) -> None:
    done = docker.bellhop("fly")
    assert done.returncode == 2
    assert "usage: bellhop" in done.stderr
