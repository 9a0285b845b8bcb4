"""The containers under measurement, through the Docker Engine: CPU, memory, replicas, restarts, commands.

The engine reads the cgroups itself, of either version.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final

from support import containers

from bench.containers import replicas
from bench.peers import Peer

KNOWN_SECONDS: Final = 3.0
"""nginx looks names up every 2 s: by then it knows of new replicas, and forgets old ones."""


@dataclass(frozen=True)
class Usage:
    """Of all containers of a service: seconds of CPU since they started, bytes of memory without file cache."""

    cpu: float
    memory: int


def usage(service: str) -> Usage:
    """Return what a service has used and uses; blocks for some milliseconds."""
    cpu, memory = 0.0, 0
    for container in containers.containers(service):
        if container.status != "running":
            continue
        stats = containers.engine().api.stats(container.id, stream=False, one_shot=True)
        cpu += stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
        found = stats["memory_stats"]
        files = found["stats"].get("total_inactive_file", found["stats"].get("inactive_file", 0))
        memory += found["usage"] - files
    return Usage(cpu, memory)


@dataclass
class Meter:
    """CPU between start() and stop(): of a peer's services, by role, and of this process, the load generator."""

    peer: Peer
    roles: tuple[str, ...] = ()
    _before: dict[str, float] = field(default_factory=dict)
    _began: float = 0.0

    async def start(self) -> "Meter":
        self._before = await self._read()
        self._began = time.monotonic()
        return self

    async def stop(self) -> dict[str, float]:
        """Return seconds of CPU by role, of the `generator`, and the `wall` clock's seconds."""
        wall = time.monotonic() - self._began
        after = await self._read()
        return {role: after[role] - before for role, before in self._before.items()} | {
            "wall": wall
        }

    async def _read(self) -> dict[str, float]:
        roles = self.roles or self.peer.roles
        found = await asyncio.to_thread(
            lambda: {role: usage(self.peer.service(role)).cpu for role in roles}
        )
        return found | {"generator": time.process_time()}


async def memory(service: str) -> int:
    """Return a service's memory in bytes, file cache excluded."""
    return (await asyncio.to_thread(usage, service)).memory


async def scale(service: str, count: int) -> None:
    """Run that many containers of a service; return when they are up and nginx knows of them."""
    if await asyncio.to_thread(replicas.scale, service, count):
        await asyncio.sleep(KNOWN_SECONDS)


async def restart(service: str) -> None:
    """Start a service's processes anew, with nothing in their memory; return when they are up."""
    found = await asyncio.to_thread(containers.containers, service)
    before = [container.attrs["NetworkSettings"]["Networks"] for container in found]
    for container in found:
        await asyncio.to_thread(container.restart, timeout=5)
    await asyncio.to_thread(replicas.wait_up, found)
    if [container.attrs["NetworkSettings"]["Networks"] for container in found] != before:
        await asyncio.sleep(KNOWN_SECONDS)


async def crash(service: str) -> None:
    """SIGKILL every process of a service's first container; its restart policy starts it again."""
    # From inside: the engine takes what was killed through it for stopped on purpose.
    command = ["sh", "-c", "kill -9 -1"]
    await asyncio.to_thread(lambda: containers.container(service).exec_run(command))


async def run(service: str, *command: str) -> str:
    """Run a command in a service's container and return what it wrote to its output; RuntimeError if it failed."""

    def execute() -> str:
        container = containers.container(service)
        code, (output, errors) = container.exec_run(list(command), demux=True)
        if code != 0:
            raise RuntimeError(f"{service}: {(errors or output or b'').decode().strip()[-500:]}")
        return (output or b"").decode()

    return await asyncio.to_thread(execute)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    info = containers.engine().info()
    return {
        "cores": info["NCPU"],
        "memory": f"{info['MemTotal'] / 2**30:.0f} GiB",
        "processor": _processor(),
        "system": f"{info['OperatingSystem']}, Linux {info['KernelVersion']}",
        "docker": f"Docker Engine {info['ServerVersion']}, cgroup v{info['CgroupVersion']}",
    }


def _processor() -> str:
    with open("/proc/cpuinfo") as lines:  # noqa: PTH123 - no file of ours
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown"
