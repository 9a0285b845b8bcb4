"""More containers of a service, made as `docker compose up --scale` makes them: the same configuration
under the next number, reachable by the service's name. (Compose itself is not in the tests' image.)
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import httpx
from docker.models.containers import Container

from support import containers, networks, stack
from support.containers import NUMBER
from support.gateway import GATEWAY, PUBLIC_HOST

of = containers.containers


async def at_least(**counts: int) -> None:
    """See to it that there are so many containers of each service, or more, and that nginx knows them."""
    added = [
        add(service) for service, count in counts.items() for _ in range(count - len(of(service)))
    ]
    if added:
        await asyncio.to_thread(wait_healthy, added)
        await asyncio.to_thread(wait_known, added)


async def back_to_one(*services: str) -> None:
    """Stop and remove all but the first of each, until nginx knows it."""
    # In threads: sockets that are open meanwhile go on being read.
    for service in services:
        await asyncio.to_thread(scale_back, service)
    await asyncio.to_thread(wait_known, [])


@asynccontextmanager
async def apart(
    services: tuple[str, ...], environment: dict[str, str]
) -> AsyncIterator[dict[str, Container]]:
    """Run one more container of each service, with other variables, that nginx does not know of.

    Without the reloader of development: it begins sooner, and nobody waits for its end. A ws among them keeps the
    sockets that it has, however few the others hold: who was sent away would come back to it.
    """
    added: dict[str, Container] = {}
    try:
        for service in services:
            command = KEEPS_SOCKETS if service == "ws" else built_command(service)
            added[service] = add(service, environment, command, apart=True)
        await asyncio.to_thread(wait_healthy, list(added.values()))
        yield added
    finally:
        for container in added.values():
            await asyncio.to_thread(container.remove, force=True)


def address(container: Container) -> str:
    """Return host:port of a container's service, as nginx reaches it."""
    port = {"web": 8000, "ws": 8001}[container.labels[SERVICE]]
    return f"{networks.address(container)}:{port}"


def built_command(service: str) -> list[str]:
    """Return what the service's image runs by itself, without the reloader of development."""
    image = containers.container(service).image
    assert image is not None
    command: list[str] = image.attrs["Config"]["Cmd"]
    return command


def add(
    service: str,
    environment: dict[str, str] | None = None,
    command: list[str] | None = None,
    *,
    apart: bool = False,
    binds: Sequence[str] = (),
) -> Container:
    """Start one more container of a service, with other variables or another command; `apart` it gets no traffic.

    `binds` are mounts besides its service's own, as Docker writes them.
    """
    existing = of(service)
    number = int(existing[-1].labels[NUMBER]) + 1
    found = containers.engine().api.inspect_container(existing[0].id)
    configuration = {
        **found["Config"],
        "Env": [*found["Config"]["Env"], *map("=".join, (environment or {}).items())],
        "Hostname": "",
        "Labels": {**found["Config"]["Labels"], NUMBER: str(number)},
        "HostConfig": {
            **found["HostConfig"],
            "Binds": [*(found["HostConfig"]["Binds"] or []), *binds],
        },
        "NetworkingConfig": {
            "EndpointsConfig": networks.endpoints(existing[0], [] if apart else [service])
        },
    }
    if command:
        configuration["Cmd"] = command
    name = f"{containers.project()}-{service}-{number}"
    made = containers.engine().api.create_container_from_config(configuration, name)
    container: Container = containers.engine().containers.get(made["Id"])
    container.start()
    return container


def scale_back(service: str, keep: int = 1, grace: int = 30) -> None:
    """Stop and remove all but the first `keep` containers, all at once, as Compose does."""
    surplus = of(service)[keep:]
    if not surplus:
        return
    # One signal each, at the same time: a second one makes the reloader of development leave at once.
    with ThreadPoolExecutor(len(surplus)) as threads:
        list(threads.map(lambda container: container.stop(timeout=grace), surplus))
    for container in surplus:
        container.remove(force=True)


def wait_healthy(added: list[Container], timeout: float = 180) -> None:
    """Wait until these containers are healthy."""
    deadline = time.monotonic() + timeout
    for container in added:
        while container.attrs["State"].get("Health", {}).get("Status") != "healthy":
            assert time.monotonic() < deadline, f"{container.name}: {container.logs(tail=20)!r}"
            time.sleep(0.3)
            container.reload()


SERVICE = "com.docker.compose.service"
KEEPS_SOCKETS = [
    "python",
    "-c",
    "import os, runpy, sys\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n"
    "import django\n"
    "django.setup()\n"
    "from bellhop.sockets.even_out.even_out_sockets import EvenOut\n"
    "EvenOut.start = lambda self: None\n"
    "sys.argv = ['manage.py', 'bellhop_ws']\n"
    "runpy.run_path('manage.py', run_name='__main__')",
]
PATHS = {"web": "/accounts/login/", "ws": "/ws/notifications/"}


def wait_known(added: list[Container], timeout: float = 90) -> None:
    """Wait until nginx, which looks names up every other second, knows the added replicas and none that are gone."""
    for service, path in PATHS.items():
        there = {address(replica) for replica in of(service)}
        new = {address(replica) for replica in added if replica.labels[SERVICE] == service}
        deadline = time.monotonic() + timeout
        while not new <= (seen := _upstreams(path)) <= there:
            assert time.monotonic() < deadline, f"{service}: nginx uses {seen} of {there}"


def _upstreams(path: str) -> set[str]:
    """Return which addresses a dozen requests were sent to, dead ones included."""
    for _ in range(12):
        httpx.get(f"http://{GATEWAY}{path}", headers={"Host": PUBLIC_HOST}, timeout=30)
    time.sleep(0.1)
    lines = [line for line in stack.logs("nginx", time.time() - 15) if f'path="{path}"' in line]
    used = [line.partition("upstream=")[2] for line in lines[-12:]]
    return {found for text in used for found in re.findall(r"[\d.]+:\d+", text)}


def log_lines(container: Container, since: float, *words: str) -> list[str]:
    """Return the lines of one container's log that contain all of `words`."""
    lines = container.logs(since=since).decode(errors="replace").splitlines()
    return [line for line in lines if all(word in line for word in words)]
