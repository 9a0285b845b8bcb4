"""More containers of a service, as `docker compose up --scale` makes them, for every peer's services.

The end-to-end tests have the same for Bellhop's, together with what only Bellhop can be asked.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from docker.models.containers import Container
from support import networks
from support.containers import NUMBER, containers, engine, project


def scale(service: str, count: int) -> bool:
    """Run that many containers of a service and wait until they are up; return whether anything changed."""
    existing = containers(service)
    if surplus := existing[count:]:
        with ThreadPoolExecutor(len(surplus)) as threads:
            list(threads.map(lambda container: container.stop(timeout=10), surplus))
        for container in surplus:
            container.remove(force=True)
    numbers = range(len(existing) + 1, count + 1)
    wait_up([_add(service, existing[0], number) for number in numbers])
    return len(existing) != count


def _add(service: str, first: Container, number: int) -> Container:
    found = engine().api.inspect_container(first.id)
    configuration = {
        **found["Config"],
        "Hostname": "",
        "Labels": {**found["Config"]["Labels"], NUMBER: str(number)},
        "HostConfig": found["HostConfig"],
        "NetworkingConfig": {"EndpointsConfig": networks.endpoints(first, [service])},
    }
    made = engine().api.create_container_from_config(
        configuration, f"{project()}-{service}-{number}"
    )
    container: Container = engine().containers.get(made["Id"])
    container.start()
    return container


def wait_up(started: list[Container], timeout: float = 90) -> None:
    """Wait until containers are healthy; one without a check (a stock Celery worker) gets some seconds instead."""
    deadline = time.monotonic() + timeout
    for container in started:
        container.reload()
        if "Health" not in container.attrs["State"]:
            time.sleep(5)
            continue
        while container.attrs["State"]["Health"]["Status"] != "healthy":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{container.name} is not healthy: {container.logs(tail=20)!r}")
            time.sleep(0.2)
            container.reload()
