"""One more run of the tests, in a container like the one this runs in."""

from collections.abc import Sequence
from typing import Any

from docker.models.containers import Container

from support import containers
from support.beside import traces
from support.beside.copies import copy

SOURCE = "/src"


def make(
    name: str,
    command: Sequence[str],
    environment: dict[str, str],
    *,
    project: str,
    joined: dict[str, Any],
    shared: str,
    is_apart: bool = False,
    cpu_shares: int = 0,
) -> Container:
    """Make the container of a run in that project and the networks of `joined`; it is not started yet.

    `shared` is the volume at its /turns. A run that `is_apart` has a copy of the source as it is now, whatever is
    edited meanwhile. `cpu_shares` is its weight where others want the processor (0: the engine's default, 1,024).
    """
    engine = containers.engine()
    own = engine.containers.get(containers.own_id())
    found = own.attrs
    binds = found["HostConfig"]["Binds"] or []
    is_mounted = any(mount["Destination"] == SOURCE for mount in found["Mounts"])
    if is_apart and is_mounted:
        source = traces.volume(f"{containers.project()}-{name}-source")
        binds = [one for one in binds if one.split(":")[1] != SOURCE] + [
            f"{source}:{SOURCE}:nocopy"
        ]
    configuration = {
        **found["Config"],
        "Env": [*found["Config"]["Env"], *map("=".join, environment.items())],
        "Cmd": [*command],
        "Hostname": "",
        "OpenStdin": False,
        "AttachStdin": False,
        "Tty": False,
        "Labels": {**found["Config"]["Labels"], **traces.labels(project)},
        "HostConfig": {
            **found["HostConfig"],
            "AutoRemove": False,
            "NetworkMode": next(iter(joined)),
            "PortBindings": {},
            "Binds": [*binds, f"{shared}:/turns"],
            "CpuShares": cpu_shares,
        },
        "NetworkingConfig": {"EndpointsConfig": joined},
    }
    made = engine.api.create_container_from_config(
        configuration, f"{containers.project()}-{name}-tests"
    )
    container: Container = engine.containers.get(made["Id"])
    if is_apart and is_mounted:
        copy(own, container, SOURCE)
    return container
