"""The containers as they run: who is published, who may do what, what an image holds."""

import pytest
from support import containers

OURS = ("nginx", "web", "worker", "ws")
LONG_RUNNING = (*OURS, "redis", "db")


@pytest.mark.containers("local processes listen instead of publishing: see test_processes.py")
def test_only_nginx_publishes_a_port() -> None:
    for container in containers.containers():
        published = {port for port, hosts in container.ports.items() if hosts}
        service = container.labels["com.docker.compose.service"]
        assert published == ({"8080/tcp"} if service == "nginx" else set()), service


@pytest.mark.containers("local processes run as whoever started them")
@pytest.mark.parametrize(
    "service",
    [
        pytest.param(
            service, marks=pytest.mark.redis("its own container") if service == "redis" else ()
        )
        for service in LONG_RUNNING
    ],
)
def test_a_service_runs_without_root_and_without_privileges(service: str) -> None:
    container = containers.container(service)
    processes = container.top()["Processes"]
    # The reaper that Docker puts first belongs to nobody else; the database's entry point became postgres.
    users = {row[0] for row in processes if "docker-init" not in row[-1]}
    assert users
    assert not users & {"root", "0"}, processes
    host = container.attrs["HostConfig"]
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["RestartPolicy"]["Name"] == "unless-stopped"


@pytest.mark.redis("the worker says that it is not healthy")
@pytest.mark.containers("no engine checks local processes: ./bellhop does, when it starts them")
@pytest.mark.parametrize("service", LONG_RUNNING)
def test_a_service_is_checked_for_health(service: str) -> None:
    assert containers.health(service) == "healthy"


@pytest.mark.containers("local processes share one environment")
@pytest.mark.parametrize(
    ("service", "package"),
    [
        ("web", "daphne"),
        ("worker", "gunicorn"),
        ("worker", "daphne"),
        ("ws", "celery"),
        ("ws", "allauth"),
    ],
)
def test_an_image_holds_its_own_members_packages_only(service: str, package: str) -> None:
    code, _ = containers.container(service).exec_run(["python", "-c", f"import {package}"])
    assert code == 1
