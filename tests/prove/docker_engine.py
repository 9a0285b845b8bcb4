"""Damage to the stack from outside, through the Docker Engine: crashes, cuts, more and fewer replicas."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from docker.errors import DockerException
from docker.models.containers import Container
from support import containers, networks, replicas, stack
from support.faults import network

GRACE = {"nginx": 15, "web": 25, "worker": 30, "ws": 20, "redis": 10, "db": 30}
"""Seconds of docker-compose.yml's stop_grace_period, which the engine does not keep."""

of = containers.containers


async def aside[T](function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Run a blocking function in a thread: meanwhile the tabs go on being read."""
    return await asyncio.to_thread(function, *arguments, **named)


def crash(container: Container) -> None:
    """SIGKILL it, and start it again at once: Docker's own restarts come later each time, up to a minute."""
    container.kill()
    container.start()


def stop(container: Container) -> None:
    """SIGTERM, the service's grace period, SIGKILL: as Compose stops a container."""
    container.stop(timeout=GRACE[_service(container)])


def restart(container: Container) -> None:
    """Stop as Compose does, and start again."""
    container.restart(timeout=GRACE[_service(container)])


async def scale(service: str, count: int) -> None:
    """As `docker compose up --scale`: make replicas and wait until they are healthy, or stop the newest."""
    await aside(_scale, service, count)


def _scale(service: str, count: int) -> None:
    added = [replicas.add(service) for _ in range(count - len(of(service)))]
    replicas.wait_healthy(added)
    replicas.scale_back(service, keep=count, grace=GRACE[service])


async def wait_healthy(timeout: float = 120) -> None:
    """Wait until every long-running container is healthy and live delivery whole; AssertionError with what is not."""
    deadline = time.monotonic() + timeout
    while sick := await aside(_sick):
        assert time.monotonic() < deadline, f"not healthy after {timeout:.0f} s: {sick}"
        await asyncio.sleep(0.5)


def _sick() -> list[str]:
    found = [one for one in of() if _service(one) in stack.LONG_RUNNING]
    return [str(one.name) for one in found if _health(one) != "healthy"] or stack.unready()


def _health(container: Container) -> str:
    return str(container.attrs["State"].get("Health", {}).get("Status", "none"))


def _service(container: Container) -> str:
    return str(container.labels[replicas.SERVICE])


@asynccontextmanager
async def unreachable(service: str, other: str) -> AsyncIterator[None]:
    """Cut a service off from another one cleanly: its packets are refused, and open connections end."""
    pairs = [(one, two) for one in of(service) for two in of(other)]
    async with _cut(
        pairs, "ip route add unreachable {}".format, "ip route del unreachable {}".format
    ):
        if other == "redis":
            for kind in ("normal", "pubsub"):
                await aside(containers.redis, "CLIENT", "KILL", "TYPE", kind)
        yield


@asynccontextmanager
async def silent(service: str, other: str) -> AsyncIterator[None]:
    """Lose every packet between two services, both ways, without an error anywhere."""
    pairs = [(one, two) for one in of(service) for two in of(other)]
    pairs += [(two, one) for one, two in pairs]
    async with _cut(pairs, network.lose, network.find_again):
        yield


@asynccontextmanager
async def _cut(
    pairs: list[tuple[Container, Container]], do: Callable[[str], str], undo: Callable[[str], str]
) -> AsyncIterator[None]:
    """Run a command for each address at which one reaches the other, in its network, and at the end another one."""
    cuts = [(one, address) for one, two in pairs for address in networks.shared(one, two)]
    try:
        for one, address in cuts:
            await aside(network.run, one, do(address))
        yield
    finally:
        for one, address in cuts:
            # It may be gone, and its cut with it; the others must not stay cut off for that.
            with suppress(DockerException):
                await aside(network.run, one, undo(address))
