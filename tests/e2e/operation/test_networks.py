"""Who reaches whom: the database and Redis are next to the services that use them, and nobody else."""

import pytest
from support import containers, networks

pytestmark = pytest.mark.containers("local processes share the machine's network")

# A port in bash's own words: no image has more. What is dropped without a word ends by `timeout`.
CONNECT = 'exec timeout 2 bash -c "exec 3<>/dev/tcp/$0/$1"'
SERVERS = [
    ("db", 5432),
    pytest.param("redis", 6379, marks=pytest.mark.redis("its address")),
]


def reaches(service: str, host: str, port: int) -> bool:
    return containers.attempt(service, "bash", "-c", CONNECT, host, str(port))[0] == 0


@pytest.mark.parametrize(("server", "port"), SERVERS)
def test_nginx_has_no_way_to_what_the_services_reach(server: str, port: int) -> None:
    address = networks.address(containers.container(server), networks.DATA)
    for host in (server, address):
        # The same words where they must succeed.
        for service in ("web", "worker", "ws"):
            assert reaches(service, host, port), (service, host)
        assert not reaches("nginx", host, port), host


@pytest.mark.parametrize(("service", "port"), [("web", 8000), ("ws", 8001)])
def test_nginx_reaches_what_it_passes_on_to(service: str, port: int) -> None:
    assert reaches("nginx", service, port)


@pytest.mark.parametrize(
    ("service", "is_out"),
    [("web", True), ("worker", True), ("ws", False), ("db", False), ("nginx", False)],
)
def test_only_web_and_worker_get_out_of_the_stack(service: str, is_out: bool) -> None:
    container = containers.container(service)
    found = [containers.engine().networks.get(name).attrs for name in networks.of(container)]
    outwards = [
        one["Name"]
        for one in found
        if not one["Internal"]
        # What its containers send out has an address that nobody can answer to.
        and one["Options"].get("com.docker.network.bridge.enable_ip_masquerade") != "false"
    ]
    assert bool(outwards) == is_out, outwards
    # And so the kernel sees it: a route to everywhere.
    _, routes = containers.attempt(service, "cat", "/proc/net/route")
    has_route = any(line.split()[1] == "00000000" for line in routes.splitlines()[1:])
    assert has_route == (is_out or service == "nginx"), routes
