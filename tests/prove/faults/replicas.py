"""More and fewer replicas, restarts one by one, and nginx that reads its configuration again."""

import asyncio
import time
from collections import Counter

import httpx
from support import containers
from support.gateway import GATEWAY, PUBLIC_HOST

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result
from prove.stage import Stage

RESTARTING = 1012
SHARE = 0.99
FAILED_SHARE = 0.001
ROLLING = ("worker", "web", "ws", "redis", "db")
PROBES = {"/accounts/login/": httpx.codes.OK, "/ws/notifications/": httpx.codes.UPGRADE_REQUIRED}


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
    answers: Counter[str] = Counter()
    asking = [asyncio.create_task(_ask(path, answers)) for path in PROBES for _ in range(4)]
    try:
        for _ in range(3 if short else 10):
            await aside(containers.reload_nginx)
            await asyncio.sleep(1.5)
        await docker_engine.scale("ws", 4)
        await asyncio.sleep(5)
        await docker_engine.scale("ws", 1)
        await asyncio.sleep(5)
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await docker_engine.scale("ws", 2)
    total = sum(answers.values())
    failed = total - answers["fine"]
    others = ", ".join(f"{count} of {what}" for what, count in answers.items() if what != "fine")
    words = f"{failed} of {total} requests failed" + (f" ({others})" if others else "")
    return Result(words, kept=total > 0 and failed <= total * FAILED_SHARE)


async def _ask(path: str, answers: Counter[str]) -> None:
    """Ask for a page some ten times a second."""
    while True:
        answers[await _answer(path)] += 1
        await asyncio.sleep(0.1)


async def probe(answers: list[tuple[float, str]]) -> None:
    """Ask for each of the probes in turn, some ten times a second; note when each was asked and what came."""
    while True:
        for path in PROBES:
            asked = time.time()
            answers.append((asked, await _answer(path)))
            await asyncio.sleep(0.1)


async def _answer(path: str) -> str:
    """Ask for a page on a connection of its own, as strangers do; return "fine", or what came instead."""
    try:
        async with httpx.AsyncClient(headers={"Host": PUBLIC_HOST}, timeout=10) as client:
            status = (await client.get(f"http://{GATEWAY}{path}")).status_code
    except httpx.HTTPError as error:
        return f"{path} {type(error).__name__}"
    return "fine" if status == PROBES[path] else f"{path} {status}"
