"""The networks of a stack, as the Compose file names them: `edge` has nginx, web and ws, `data` all but nginx."""

from collections.abc import Sequence
from typing import Any

from docker.models.containers import Container

EDGE = "edge"
DATA = "data"


def of(container: Container) -> dict[str, Any]:
    """Return what Docker says of each network that a container is in, by the network's full name."""
    container.reload()
    found: dict[str, Any] = container.attrs["NetworkSettings"]["Networks"]
    return found


def full_name(container: Container, name: str) -> str:
    """Return how the engine calls the network of that name that a container is in."""
    (found,) = (each for each in of(container) if each.endswith(f"_{name}"))
    return found


def address(container: Container, name: str = EDGE) -> str:
    """Return a container's address in one of its networks."""
    return str(of(container)[full_name(container, name)]["IPAddress"])


def shared(one: Container, other: Container) -> list[str]:
    """Return the addresses of `other` at which `one` reaches it."""
    theirs = of(other)
    return [str(theirs[name]["IPAddress"]) for name in of(one) if name in theirs]


def endpoints(container: Container, aliases: Sequence[str] = ()) -> dict[str, Any]:
    """Return the networks of one that is made like this container, as the engine wants to be told."""
    return {name: {"Aliases": list(aliases)} for name in of(container)}


def interface_to(address: str) -> str:
    """Return a command for a container's shell whose output is the interface by which it reaches an address."""
    return f"ip route get {address} | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p'"
