"""Packets between two containers that vanish without an error: what a dead switch or a lost route looks like."""

from collections.abc import Iterator
from contextlib import contextmanager

from docker.models.containers import Container

from support import containers

NOBODY = "02:00:00:00:00:01"
"""A hardware address that no interface has: what is sent there is dropped, and no one says so."""


@contextmanager
def half_open(service: str, other: str) -> Iterator[None]:
    """Drop all packets between two services, both ways; open connections stay open and go silent."""
    pairs = [(service, other), (other, service)]
    try:
        for here, there in pairs:
            _lose(containers.container(here), containers.container(there))
        yield
    finally:
        for here, there in pairs:
            _find_again(containers.container(here), containers.container(there))


def address(container: Container) -> str:
    container.reload()
    (network,) = container.attrs["NetworkSettings"]["Networks"].values()
    return str(network["IPAddress"])


def _lose(here: Container, there: Container) -> None:
    run(
        here,
        f"ip neigh replace {address(there)} lladdr {NOBODY} nud permanent dev eth0",
    )


def _find_again(here: Container, there: Container) -> None:
    run(here, f"ip neigh del {address(there)} dev eth0")


def run(container: Container, command: str) -> None:
    """Run a command in a container's network, with rights and tools that it has not itself."""
    own = containers.engine().containers.get(containers.own_id())
    containers.engine().containers.run(
        own.image.id,
        command.split(),
        network_mode=f"container:{container.id}",
        cap_add=["NET_ADMIN"],
        entrypoint="",
        remove=True,
    )
