"""Packets between two containers that vanish without an error: what a dead switch or a lost route looks like."""

from collections.abc import Iterator
from contextlib import contextmanager

from docker.models.containers import Container

from support import containers, networks

NOBODY = "02:00:00:00:00:01"
"""A hardware address that no interface has: what is sent there is dropped, and no one says so."""


@contextmanager
def half_open(service: str, other: str) -> Iterator[None]:
    """Drop all packets between two services, both ways; open connections stay open and go silent."""
    pairs = [(service, other), (other, service)]
    try:
        for here, there in pairs:
            for address in _addresses(here, there):
                run(containers.container(here), lose(address))
        yield
    finally:
        for here, there in pairs:
            for address in _addresses(here, there):
                run(containers.container(here), find_again(address))


def lose(address: str) -> str:
    """Return the command that drops whatever a container sends to a neighbour."""
    return f"ip neigh replace {address} lladdr {NOBODY} nud permanent dev $({networks.interface_to(address)})"


def find_again(address: str) -> str:
    """Return the command that undoes `lose`."""
    return f"ip neigh del {address} dev $({networks.interface_to(address)})"


def _addresses(here: str, there: str) -> list[str]:
    return networks.shared(containers.container(here), containers.container(there))


def run(container: Container, command: str) -> None:
    """Run a shell's command in a container's network, with rights and tools that it has not itself."""
    own = containers.engine().containers.get(containers.own_id())
    containers.engine().containers.run(
        own.image.id,
        ["sh", "-ec", command],
        network_mode=f"container:{container.id}",
        cap_add=["NET_ADMIN"],
        entrypoint="",
        remove=True,
    )
