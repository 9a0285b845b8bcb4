"""The database, and all of it."""

import asyncio
import time

from support import stack

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result
from prove.stage import Stage

BACK_SECONDS = 60.0


async def database_restarted(stage: Stage, short: bool) -> Result:
    """PostgreSQL goes and comes back; the sockets stay open."""
    closes = len(stage.watch.closes)
    started = time.monotonic()
    await aside(docker_engine.restart, docker_engine.of("db")[0])
    await docker_engine.wait_healthy()
    took = time.monotonic() - started
    await asyncio.sleep(10)
    closed = len(stage.watch.closes) - closes
    return Result(f"away and back in {took:.1f} s, {closed} sockets closed", kept=closed == 0)


async def killed(stage: Stage, short: bool) -> Result:
    """As `docker compose kill` and `docker compose up`: all at once, from cold."""
    for service in reversed(stack.LONG_RUNNING):
        await asyncio.gather(*(aside(one.kill) for one in docker_engine.of(service)))
    await asyncio.sleep(3)
    started = time.monotonic()
    for service in stack.LONG_RUNNING:
        await asyncio.gather(*(aside(one.start) for one in docker_engine.of(service)))
    await docker_engine.wait_healthy()
    healthy = time.monotonic() - started
    await stage.until_open(stage.expected_open, 120)
    back = time.monotonic() - started
    return Result(
        f"healthy after {healthy:.1f} s, every tab back after {back:.1f} s",
        kept=back <= BACK_SECONDS,
    )
