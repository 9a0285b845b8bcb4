"""The containers as they run: who is published, who may do what, who refuses to start."""

import secrets

import pytest
from support import containers

pytestmark = pytest.mark.containers

OURS = ("nginx", "web", "worker", "ws")
LONG_RUNNING = (*OURS, "redis", "db")


def test_only_nginx_publishes_a_port() -> None:
    for container in containers.containers():
        published = {port for port, hosts in container.ports.items() if hosts}
        service = container.labels["com.docker.compose.service"]
        assert published == ({"8080/tcp"} if service == "nginx" else set()), service


@pytest.mark.parametrize("service", LONG_RUNNING)
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


@pytest.mark.parametrize("service", LONG_RUNNING)
def test_a_service_is_checked_for_health(service: str) -> None:
    assert containers.health(service) == "healthy"


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


GOOD = {"SECRET_KEY": secrets.token_urlsafe(50), "POSTGRES_PASSWORD": secrets.token_urlsafe(16)}


def preflight(**environment: str) -> tuple[int, str]:
    """Run the web image's preflight as production would; return exit status and output."""
    image = containers.container("web").attrs["Config"]["Image"]
    container = containers.engine().containers.run(
        image,
        ["python", "manage.py", "preflight"],
        environment={"DEBUG": "false", **environment},
        detach=True,
    )
    try:
        return container.wait(timeout=60)["StatusCode"], container.logs().decode().strip()
    finally:
        container.remove(force=True)


def test_production_starts_with_secrets_of_its_own() -> None:
    assert preflight(**GOOD) == (0, "configuration ok")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "change-me"),
        ("SECRET_KEY", "development-only-key-that-production-refuses"),
        ("SECRET_KEY", "short"),
        ("POSTGRES_PASSWORD", ""),
        ("POSTGRES_PASSWORD", "change-me"),
        ("POSTGRES_PASSWORD", "development"),
        ("DATABASE_URL", "mysql://u:p@h/n"),
        ("REDIS_URL", "http://redis"),
        ("PUBLIC_URL", "notify.example.com"),
        ("HTTP_PORT", "eighty"),
        ("RATE_LIMITS", "maybe"),
        ("EMAIL_VERIFICATION", "perhaps"),
        ("EMAIL_URL", "garbage"),
        ("EMAIL_URL", "smtp://mail:port"),
    ],
)
def test_production_refuses_with_one_line_that_names_the_variable(
    variable: str, value: str
) -> None:
    status, output = preflight(**{**GOOD, variable: value})
    assert status == 1
    assert output.startswith(f"bellhop: {variable}: ")
    assert len(output.splitlines()) == 1
