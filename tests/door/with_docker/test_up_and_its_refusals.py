"""The door on a host with Docker: what it says before anything is built. `docker` is a script that answers
as the real one did, recorded from Engine 26.1 and Compose 2.26; the ports are real.
"""

import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bare import layout

ROOT = Path(__file__).resolve().parents[3]
SAID_NO = (
    "permission denied while trying to connect to the Docker daemon socket at"
    " unix:///var/run/docker.sock: connect: permission denied"
)


class Docker:
    """A `docker` command whose answers a test chooses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine, self.compose, self.stderr = "26.1.5", "2.26.1-4", ""
        self.port: int | str = 80
        self.bind, self.debug, self.url = "127.0.0.1", "true", ""
        self.running, self.log, self.environment = "", "", "[]"

    def bellhop(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `./bellhop` with this docker; what it called is in `calls`."""
        for name, debug, bind in (
            ("config.json", self.debug, self.bind),
            ("production.json", "false", ""),
        ):
            port = {"published": str(self.port), **({"host_ip": bind} if bind else {})}
            config = {
                "name": "shop",
                "services": {
                    "nginx": {"ports": [port], "environment": {"PUBLIC_URL": self.url}},
                    "web": {"environment": {"DEBUG": debug}},
                },
            }
            (self.folder / name).write_text(json.dumps(config))
        (self.folder / "log").write_text(self.log)
        script = self.folder / "docker"
        script.write_text(
            f"""#!/bin/sh
echo "$@" >> "{self.folder}/calls"
case "$*" in
  info*) echo '{self.engine}'; echo '{self.stderr}' >&2 ;;
  *version*) echo '{self.compose}' ;;
  *"-f docker-compose.yml config"*) cat "{self.folder}/production.json" ;;
  *config*) cat "{self.folder}/config.json" ;;
  inspect*) echo '{self.environment}' ;;
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
            stdin=subprocess.DEVNULL,
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
    """One that stays free: whoever asks for any port, or opens a connection, is given another one."""
    return int(layout.inner_ports()["WEB_PORT"])


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


def test_a_port_is_taken_on_the_address_that_it_is_published_on(docker: Docker) -> None:
    with socket.create_server(("127.0.0.5", int(docker.port))):
        assert docker.bellhop("up").returncode == 0
        docker.bind = "127.0.0.5"
        assert "is taken" in docker.bellhop("up").stderr


@pytest.mark.parametrize(
    ("port", "bind", "named"),
    [
        ("127.0.0.1:8087", "", "HTTP_PORT: must be a port alone; the address to publish it on"),
        ("eighty", "", "HTTP_PORT: must be a whole number"),
        ("80", "localhost", "HTTP_BIND: must be an IP address"),
        ("80", "[::1]", "HTTP_BIND: must be an IP address"),
    ],
)
def test_nonsense_in_port_and_address_is_one_line_before_anything_is_built(
    docker: Docker, port: str, bind: str, named: str
) -> None:
    docker.port, docker.bind = port, bind
    done = docker.bellhop("up")
    assert done.returncode == 1
    assert done.stderr.startswith(f"bellhop: {named}")
    assert len(done.stderr.splitlines()) == 1
    assert not [call for call in docker.calls if "up" in call.split()]


def test_in_development_only_this_machine_reaches_it_and_up_says_what_a_phone_needs(
    docker: Docker,
) -> None:
    said = docker.bellhop("up").stdout.splitlines()[-2]
    assert "only this machine" in said
    assert "HTTP_BIND=0.0.0.0 and PUBLIC_URL" in said


def test_production_is_published_everywhere_and_says_so(docker: Docker) -> None:
    docker.url = "HTTPS://Notify.Example.COM:443/"
    done = docker.bellhop("up", "--production")
    assert "compose -f docker-compose.yml up --build --wait" in docker.calls
    *_, reach, hint, ready = done.stdout.splitlines()
    assert "published on every address of this machine; HTTP_BIND" in reach
    assert "COMPOSE_FILE=docker-compose.yml" in hint
    assert ready == "Bellhop is ready: https://notify.example.com"


def test_a_production_stack_behind_a_proxy_of_this_machine_says_nothing_of_phones(
    docker: Docker,
) -> None:
    docker.debug = "false"
    said = docker.bellhop("up").stdout.splitlines()[-2]
    assert (
        said
        == f"Port {docker.port}: only this machine reaches it, such as a proxy on it that ends TLS."
    )


def test_a_production_env_makes_plain_up_production_with_whatever_files_it_names(
    docker: Docker,
) -> None:
    docker.debug, docker.bind = "false", ""
    for arguments in (("up",), ("up", "--production")):
        done = docker.bellhop(*arguments)
        assert docker.calls[-1] == "compose up --build --wait"
        assert "demo" not in done.stdout
        assert done.stdout.splitlines()[-1] == f"Bellhop is ready: http://localhost:{docker.port}"


def test_a_production_stack_that_runs_is_not_replaced_by_a_development_one(docker: Docker) -> None:
    docker.running, docker.environment = "0a1b2c3d", '["PATH=/bin","DEBUG=false"]'
    done = docker.bellhop("up")
    assert done.returncode == 1
    assert done.stderr.startswith("bellhop: COMPOSE_FILE: this project runs as production")
    assert len(done.stderr.splitlines()) == 1
    assert not [call for call in docker.calls if "up" in call.split()]
    assert docker.bellhop("up", "--production").returncode == 0
    docker.environment = '["PATH=/bin","DEBUG=true"]'
    assert docker.bellhop("up").returncode == 0


def test_tests_are_refused_on_a_production_stack(docker: Docker) -> None:
    docker.debug = "false"
    done = docker.bellhop("test")
    assert done.returncode == 2
    assert done.stderr.startswith("bellhop: COMPOSE_FILE: ")
    assert len(done.stderr.splitlines()) == 1
    assert not [call for call in docker.calls if "run" in call.split() or "build" in call.split()]


DOWN = "compose --profile tests down --remove-orphans"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "--yes shop"), (("--yes", "shopping"), "--yes shop"), (("--yes", ""), "--yes shop")],
)
def test_productions_database_is_not_deleted_without_the_projects_name(
    docker: Docker, arguments: "tuple[str, ...]", said: str
) -> None:
    docker.debug = "false"
    done = docker.bellhop("down", "--volumes", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("bellhop: nothing was deleted")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not [call for call in docker.calls if "down" in call.split()]


def test_productions_database_is_deleted_by_who_names_the_project(docker: Docker) -> None:
    docker.debug = "false"
    assert docker.bellhop("down", "--volumes", "--yes", "shop").returncode == 0
    assert docker.calls[-1] == f"{DOWN} --volumes"


@pytest.mark.parametrize(("typed", "deleted"), [("shop", True), ("", False), ("yes", False)])
def test_on_a_terminal_the_name_is_asked_for(docker: Docker, typed: str, deleted: bool) -> None:
    docker.debug = "false"
    docker.bellhop("logs")  # writes the script and its answers
    (docker.folder / "calls").unlink()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "bellhop", "down", "--volumes"],
        cwd=ROOT,
        env={"PATH": f"{docker.folder}:/usr/bin:/bin"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.write(ours, f"{typed}\n".encode())
        assert process.wait(30) == (0 if deleted else 1)
    os.close(ours)
    os.close(theirs)
    assert (f"{DOWN} --volumes" in docker.calls) == deleted


def test_developments_database_is_deleted_without_asking_and_none_is_without_volumes(
    docker: Docker,
) -> None:
    assert docker.bellhop("down", "--volumes").returncode == 0
    assert docker.calls[-1] == f"{DOWN} --volumes"
    docker.debug = "false"
    assert docker.bellhop("down").returncode == 0
    assert docker.calls[-1] == DOWN


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
    refusal = "bellhop: POSTGRES_PASSWORD: the database was started with another one"
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


def test_manage_migrates_as_who_may_change_tables(docker: Docker) -> None:
    assert docker.bellhop("manage", "migrate", "core").returncode == 0
    assert docker.calls[-1] == "compose run --rm -T migrate python manage.py migrate core"


def test_nonsense_is_refused_with_a_usage_line(docker: Docker) -> None:
    done = docker.bellhop("fly")
    assert done.returncode == 2
    assert "usage: bellhop" in done.stderr
