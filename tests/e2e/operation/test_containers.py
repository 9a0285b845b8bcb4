"""The containers as they run: who is published, who may do what, what an image holds."""

import pytest
from support import containers

OURS = ("nginx", "web", "worker", "ws")
LONG_RUNNING = (*OURS, "redis", "db")
SERVICES = [
    pytest.param(
        service, marks=pytest.mark.redis("its own container") if service == "redis" else ()
    )
    for service in LONG_RUNNING
]


@pytest.mark.containers("local processes listen instead of publishing: see test_processes.py")
def test_only_nginx_publishes_a_port() -> None:
    for container in containers.containers():
        published = {port for port, hosts in container.ports.items() if hosts}
        service = container.labels["com.docker.compose.service"]
        assert published == ({"8080/tcp"} if service == "nginx" else set()), service


@pytest.mark.containers("local processes run as whoever started them")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_without_root_and_without_privileges(service: str) -> None:
    container = containers.container(service)
    processes = container.top(ps_args="-eo user,pid,ppid,args")["Processes"]
    # The service and what it started. A health check that runs just now, and what that started, are nobody's children.
    ours = {str(container.attrs["State"]["Pid"])}
    while more := {row[1] for row in processes if row[2] in ours} - ours:
        ours |= more
    # The reaper that Docker puts first belongs to nobody else, and the database's entry point became postgres.
    users = {row[0] for row in processes if row[1] in ours and "docker-init" not in row[-1]}
    assert users
    assert not users & {"root", "0"}, processes
    host = container.attrs["HostConfig"]
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["RestartPolicy"]["Name"] == "unless-stopped"


@pytest.mark.containers("local processes write where whoever started them may")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_nowhere_but_into_its_volumes_and_its_tmp(service: str) -> None:
    # Where the source is mounted, for development, that is a volume.
    for folder in ("/", "/etc", "/usr/local/bin", "/opt", "/var/lib"):
        status, output = containers.attempt(service, "touch", f"{folder}/taken")
        assert status != 0, folder
        assert "Read-only file system" in output or "Permission denied" in output, output
    assert containers.container(service).attrs["HostConfig"]["ReadonlyRootfs"]
    assert containers.attempt(service, "sh", "-c", "cd /tmp && touch of-a-test")[0] == 0


@pytest.mark.containers("local processes are bounded by nothing")
@pytest.mark.parametrize("service", SERVICES)
def test_a_services_memory_processes_and_log_are_bounded(service: str) -> None:
    host = containers.container(service).attrs["HostConfig"]
    assert 64 * 2**20 <= host["Memory"] <= 4 * 2**30
    assert 100 <= host["PidsLimit"] <= 1000
    assert host["LogConfig"]["Config"] == {"max-size": "20m", "max-file": "5"}


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


@pytest.mark.containers("local processes have what ./bellhop gives them: see supervisor.launch")
@pytest.mark.parametrize("service", OURS)
def test_a_service_may_open_files_for_thousands_of_sockets(service: str) -> None:
    _, limit = containers.container(service).exec_run(["sh", "-c", "ulimit -n"])
    assert int(limit) == 20_000


@pytest.mark.containers("the supervisor bounds local processes' logs: see tests/door")
@pytest.mark.redis("its own container")
def test_every_containers_log_is_bounded() -> None:
    for container in containers.containers():
        log = container.attrs["HostConfig"]["LogConfig"]
        assert log["Type"] == "json-file", container.name
        assert {"max-size", "max-file"} <= set(log["Config"]), container.name


@pytest.mark.containers("a local PostgreSQL is given the same: see tests/door")
def test_the_database_lets_in_what_the_readmes_scale_line_may_open() -> None:
    code, limit = containers.sql("SHOW max_connections")
    assert code == 0
    # On four cores: two web of 4 times 8, three ws of 10, two workers of 8.
    assert int(limit) >= 2 * 4 * 8 + 3 * 10 + 2 * 8 + 20
