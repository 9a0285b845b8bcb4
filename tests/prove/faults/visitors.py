"""Strangers who ask for pages while something else goes on, and how many of them got none."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from support.gateway import GATEWAY, PUBLIC_HOST

FAILED_SHARE = 0.001
PROBES = {"/accounts/login/": httpx.codes.OK, "/ws/notifications/": httpx.codes.UPGRADE_REQUIRED}

Answers = list[tuple[float, str]]
"""When each was asked, and "fine" or what came instead."""


@asynccontextmanager
async def asking(count: int) -> AsyncIterator[Answers]:
    """Let so many ask for pages and handshakes all the while, each some ten times a second."""
    answers: Answers = []
    tasks = [asyncio.create_task(_ask(answers)) for _ in range(count)]
    try:
        yield answers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def failed(answers: Answers) -> tuple[str, bool]:
    """Return in words how many failed, and whether that is few enough where nobody shall notice."""
    others = Counter(what for _, what in answers if what != "fine")
    words = f"{sum(others.values())} of {len(answers)} requests failed"
    if others:
        words += " (" + ", ".join(f"{count} of {what}" for what, count in others.items()) + ")"
    return words, len(answers) > 0 and sum(others.values()) <= len(answers) * FAILED_SHARE


async def _ask(answers: Answers) -> None:
    while True:
        for path in PROBES:
            asked = time.time()
            answers.append((asked, await _answer(path)))
            await asyncio.sleep(0.1)


async def _answer(path: str) -> str:
    """Ask for a page on a connection of its own, as strangers do."""
    try:
        async with httpx.AsyncClient(headers={"Host": PUBLIC_HOST}, timeout=10) as client:
            status = (await client.get(f"http://{GATEWAY}{path}")).status_code
    except httpx.HTTPError as error:
        return f"{path} {type(error).__name__}"
    return "fine" if status == PROBES[path] else f"{path} {status}"
