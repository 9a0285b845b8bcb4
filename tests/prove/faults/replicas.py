"""More and fewer replicas, restarts one by one, and nginx that reads its configuration again."""

import asyncio
import time
from collections import Counter

from support import containers

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result, visitors
from prove.stage import Stage

RESTARTING = 1012
SHARE = 0.99
ROLLING = ("worker", "web", "ws", "redis", "db")


async def rolling(stage: Stage, short: bool) -> Result:
    """ws to three and down to one, then each replica of each service restarted, one after the other.

    nginx comes last and is counted apart: it is between browser and ws, and what it closes carries no code.
    """
    await docker_engine.scale("ws", 3)
    # Those who are open stay where they are: half of them come anew, and some of these land on the third.
    anew = sorted(stage.expected_open - set(stage.real))[::2]
    enough = stage.watch.opened + len(anew)
    for tab in anew:
        await stage.tabs.reload(tab)
    await stage.until(lambda: stage.watch.opened >= enough, 60, lambda: "not all came anew")
    await stage.until_open(stage.expected_open, 60)
    began = time.time()
    await docker_engine.scale("ws", 1)
    await stage.until_open(stage.expected_open, 60)
    await docker_engine.scale("ws", 2)
    for service in ROLLING:
        for container in docker_engine.of(service):
            await aside(docker_engine.restart, container)
            await docker_engine.wait_healthy()
            await stage.until_open(stage.expected_open, 60)
    codes = Counter(stage.watch.close_codes(began))
    await aside(docker_engine.restart, docker_engine.of("nginx")[0])
    await docker_engine.wait_healthy()
    await stage.until_open(stage.expected_open, 60)
    total = sum(codes.values())
    share = codes[RESTARTING] / total if total else 0.0
    others = ", ".join(f"{count} of {code}" for code, count in codes.items() if code != RESTARTING)
    return Result(
        f"{share:.1%} of {total} closes" + (f"; {others}" if others else ""), kept=share >= SHARE
    )


async def reloaded(stage: Stage, short: bool) -> Result:
    """nginx reads its configuration again, ten times, and ws goes to four and back, while pages are asked for."""
    await docker_engine.scale("ws", 1)
    try:
        async with visitors.asking(8) as answers:
            for _ in range(3 if short else 10):
                await aside(containers.reload_nginx)
                await asyncio.sleep(1.5)
            await docker_engine.scale("ws", 4)
            await asyncio.sleep(5)
            await docker_engine.scale("ws", 1)
            await asyncio.sleep(5)
    finally:
        await docker_engine.scale("ws", 2)
    words, few = visitors.failed(answers)
    return Result(words, kept=few)
