"""Updates and scaling, as an operator does them: by Compose, on the host."""

import asyncio
import time
from collections import Counter

from support.faults import connections

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result, hand_on_the_host, visitors
from prove.faults.replicas import RESTARTING, SHARE
from prove.stage import Stage

AWAY_SECONDS = 10.0
"""Of the 503 page, while everything behind nginx is replaced at once."""

EVEN_SECONDS = 60.0
EVEN_SHARE = 0.2


def _closes(stage: Stage, since: float) -> tuple[str, bool]:
    """Return in words how many closes since then were 1012, and whether nearly all were."""
    codes = Counter(stage.watch.close_codes(since))
    total = sum(codes.values())
    return f"{codes[RESTARTING]} of {total} closes 1012", codes[RESTARTING] >= total * SHARE


async def up_with_changed_images(stage: Stage, short: bool) -> Result:
    """`docker compose up -d` after a change: everything but nginx, Redis and the database is replaced at once."""
    began = time.time()
    async with visitors.asking(2) as answers:
        done = await hand_on_the_host.ask("up")
        await docker_engine.wait_healthy()
        await stage.until_open(stage.expected_open, 90)
        await asyncio.sleep(3)
    away = [at for at, what in answers if what != "fine"]
    longest = max(away) - min(away) if away else 0.0
    refused = sum("Connect" in what for _, what in answers)
    closes, told = _closes(stage, began)
    words = f"{refused} of {len(answers)} refused, {longest:.1f} s of 503, {closes}"
    kept = done.status == 0 and not refused and longest <= AWAY_SECONDS and told
    return Result(words if done.status == 0 else f"up failed: {done.output}", kept)


async def deployed(stage: Stage, short: bool) -> Result:
    """`./bellhop deploy` after a change."""
    return await _deploy(stage, "deploy", 0)


async def broken_deploy(stage: Stage, short: bool) -> Result:
    """`./bellhop deploy` of what does not start: what ran before runs on."""
    before = {service: _ids(service) for service in ("web", "worker", "ws")}
    result = await _deploy(stage, "broken deploy", 1)
    after = {service: _ids(service) for service in before}
    words = "every replica as it was" if after == before else "other replicas than before"
    return Result(f"{result.measured}; {words}", result.kept and after == before)


async def _deploy(stage: Stage, step: str, expected: int) -> Result:
    began = time.time()
    async with visitors.asking(2) as answers:
        done = await hand_on_the_host.ask(step)
        await docker_engine.wait_healthy()
        await stage.until_open(stage.expected_open, 90)
    words, few = visitors.failed(answers)
    closes, told = _closes(stage, began)
    if done.status != expected:
        return Result(f"it ended with {done.status}: {done.output}", kept=False)
    return Result(f"{words}, {closes}, {done.ended - done.began:.0f} s", few and told)


def _ids(service: str) -> set[str]:
    return {str(one.id) for one in docker_engine.of(service)}


async def ws_scaled(stage: Stage, short: bool) -> Result:
    """ws to four: a minute later each has its share; then back to one."""
    began = time.time()
    async with visitors.asking(2) as answers:
        await docker_engine.scale("ws", 4)
        await asyncio.sleep(EVEN_SECONDS)
        counts = [await aside(connections.at, one) for one in docker_engine.of("ws")]
        await docker_engine.scale("ws", 1)
        await stage.until_open(stage.expected_open, 60)
    even = sum(counts) / len(counts)
    is_even = all(abs(count - even) <= even * EVEN_SHARE for count in counts)
    words, few = visitors.failed(answers)
    closes, told = _closes(stage, began)
    shares = ", ".join(map(str, sorted(counts)))
    return Result(f"{shares} sockets after a minute, {words}, {closes}", is_even and few and told)


async def worker_and_web_scaled(stage: Stage, short: bool) -> Result:
    """worker to three and back, then web."""
    async with visitors.asking(2) as answers:
        for service in ("worker", "web"):
            await docker_engine.scale(service, 3)
            await asyncio.sleep(5)
            await docker_engine.scale(service, 1)
            await asyncio.sleep(5)
    words, few = visitors.failed(answers)
    return Result(words, few)
