"""Workers and socket processes that go."""

import asyncio
import time

from docker.models.containers import Container
from support.faults import connections

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result
from prove.stage import Stage

SOCKETS = 500


async def worker_killed(stage: Stage, short: bool) -> Result:
    """SIGKILL one of the workers at random moments; each comes back at once, and needs seconds to be of use."""
    times = 5 if short else 20
    for _ in range(times):
        await asyncio.sleep(stage.chance.uniform(0.3, 3))
        await aside(docker_engine.crash, stage.chance.choice(docker_engine.of("worker")))
    return Result(f"{times} times")


async def worker_stopped(stage: Stage, short: bool) -> Result:
    """SIGTERM to one worker after the other, each started again; what it does not finish it gives back."""
    times = 4 if short else 20
    took = []
    for number in range(times):
        workers = docker_engine.of("worker")
        started = time.monotonic()
        await aside(docker_engine.restart, workers[number % len(workers)])
        took.append(time.monotonic() - started)
        await asyncio.sleep(stage.chance.uniform(0.3, 2))
    return Result(f"{times} times, stopped and started in {min(took):.1f} to {max(took):.1f} s")


async def ws_killed(stage: Stage, short: bool) -> Result:
    """SIGKILL the fuller of two socket processes, which stays away until everyone is back on the other.

    The devices that come for it are in the background: nobody looks at ten screens.
    """
    count = 150 if short else SOCKETS
    names = stage.names[: count * 2 // 8 + 1]
    # The tabs that are there anyway are shared by both processes; these bring each to `count`.
    needed = max(0, 2 * count - len(stage.expected_open))
    letters = "efghijkl"[: -(-needed // len(names))]
    extra = (await stage.fresh_devices(names, letters))[:needed]
    await stage.open_tabs(extra, in_background=True)
    # After replicas came and went all sockets may be on one of them.
    victim = await aside(_fullest, docker_engine.of("ws"))
    before = len(stage.expected_open)
    opened = stage.watch.opened
    started = time.monotonic()
    await aside(victim.kill)
    try:
        await stage.until(
            lambda: len(stage.watch.open) < before - count // 4, 30, lambda: "nobody lost a socket"
        )
        lost = before - len(stage.watch.open)
        await stage.until_open(stage.expected_open, 60)
    finally:
        took = time.monotonic() - started
        await aside(victim.start)
    moved = stage.watch.opened - opened
    await docker_engine.wait_healthy()
    await stage.close_tabs(extra)
    return Result(f"{moved} moved, all back after {took:.1f} s", kept=took <= 10 and moved >= lost)


def _fullest(replicas: list[Container]) -> Container:
    """Return the replica with the most sockets; it has at least its share of all."""
    return max(replicas, key=connections.at)
