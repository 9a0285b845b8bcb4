"""Whatever is made beside the running stack has a label, by which it is found and removed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from docker.errors import APIError
from docker.models.containers import Container

from support import containers

BESIDE = "bellhop.beside"
"""Its value is the project of the stack that it was made for."""

PROJECT = "com.docker.compose.project"


def labels(project: str = "") -> dict[str, str]:
    """Return the labels of what is made, and of a project of its own."""
    return {BESIDE: containers.project()} | ({PROJECT: project} if project else {})


def volume(name: str) -> str:
    """Make a volume; return its name."""
    return str(containers.engine().volumes.create(name, labels=labels()).name)


def remove_all() -> None:
    """Remove whatever was made beside this project's stack, in this run or one that was broken off."""
    engine, label = containers.engine(), {"label": f"{BESIDE}={containers.project()}"}
    found = engine.containers.list(all=True, filters=label)
    if found:
        with ThreadPoolExecutor(len(found)) as threads:
            list(threads.map(_remove, found))
    for one in [*engine.networks.list(filters=label), *engine.volumes.list(filters=label)]:
        # What a container that is just being made holds goes the next time.
        with suppress(APIError):
            one.remove()


def _remove(container: Container) -> None:
    # It is being removed already.
    with suppress(APIError):
        container.remove(force=True, v=True)
