"""Redis away, hanging, empty, full, or out of reach."""

import asyncio
import time

from support import containers, stack

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result
from prove.stage import Stage

RINGING_SECONDS = 15.0
BY_RING = 1.5
"""Seconds: what takes longer came by the beat, every 5 s."""


async def killed_and_wiped(stage: Stage, short: bool) -> Result:
    """SIGKILL, ten seconds without, and an empty one in its place: nothing of it is on a disk."""
    redis = docker_engine.of("redis")[0]
    await aside(redis.kill)
    await asyncio.sleep(5 if short else 10)
    await aside(redis.start)
    await docker_engine.wait_healthy()
    wiped = await aside(containers.redis, "FLUSHALL")
    ringing = await _ringing_again(stage)
    return Result(
        f"{wiped[1].strip()}, ringing {ringing:.1f} s after it was back",
        kept=ringing <= RINGING_SECONDS,
    )


async def paused(stage: Stage, short: bool) -> Result:
    """It accepts connections and never answers; people go on signing in."""
    began = time.time()
    redis = docker_engine.of("redis")[0]
    await aside(redis.pause)
    try:
        await asyncio.sleep(12 if short else 30)
    finally:
        await aside(redis.unpause)
    tries = stage.logins.between(began, time.time())
    took = sorted(one.took for one in tries)
    failed = [one for one in tries if one.failed]
    p99 = took[-1 - len(took) // 100]
    await docker_engine.wait_healthy()
    return Result(
        f"{len(tries)} logins, {len(failed)} failed, p99 {p99:.2f} s", kept=not failed and p99 <= 3
    )


async def cut_off(stage: Stage, short: bool) -> Result:
    """All socket processes without Redis: refused at first, then without a word."""
    words, kept = [], True
    for name, cut in (("cleanly", docker_engine.unreachable), ("half-open", docker_engine.silent)):
        async with cut("ws", "redis"):
            await asyncio.sleep(12 if short else 30)
        ringing = await _ringing_again(stage)
        words.append(f"{name}: ringing again {ringing:.1f} s after")
        kept = kept and ringing <= RINGING_SECONDS
    await docker_engine.wait_healthy()
    return Result("; ".join(words), kept)


async def emptied_and_full(stage: Stage, short: bool) -> Result:
    """All keys gone, the cache gone, and no room for another key."""
    began = time.time()
    await aside(containers.redis, "FLUSHALL")
    await asyncio.sleep(5)
    await aside(stack.shell, "from django.core.cache import cache; cache.clear()")
    await asyncio.sleep(5)
    await aside(containers.redis, "CONFIG", "SET", "maxmemory", "1mb")
    await asyncio.sleep(8 if short else 20)
    await aside(containers.redis, "CONFIG", "SET", "maxmemory", "0")
    await asyncio.sleep(3)
    tries = stage.logins.between(began, time.time())
    failed = [one for one in tries if one.failed]
    return Result(f"{len(tries)} logins, {len(failed)} failed", kept=not failed and len(tries) > 0)


async def _ringing_again(stage: Stage) -> float:
    """Return the seconds until all that is written is shown by rings once more: the last slow one's commit."""
    healed = time.time()
    slow_at = healed
    deadline = healed + 4 * RINGING_SECONDS
    # For a beat and more nothing came late.
    while time.time() < slow_at + 7 and time.time() < deadline:
        await asyncio.sleep(0.5)
        late = stage.watch.late_since(healed, BY_RING)
        slow_at = max([slow_at, *late])
    return slow_at - healed
