"""In development an edited file is live within seconds, in each service and whatever kind of file it is.

These tests edit the working tree and put every file back, so they run only where that is wanted: TEST_EDITS=1.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from support import people, stack
from support.clients.visitor import Visitor
from support.gateway import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
LIVE_SECONDS = 15.0 * PATIENCE
MARKED = 'event["service"] = service'

pytestmark = [
    pytest.mark.redis("an edit is as live without it"),
    pytest.mark.skipif(
        not os.environ.get("TEST_EDITS"),
        reason="edits the working tree for some seconds each: TEST_EDITS=1 ./bellhop test e2e",
    ),
]


@asynccontextmanager
async def edited(path: str, old: str, new: str) -> AsyncIterator[None]:
    """Replace text in a file of the working tree; put the file back, and wait until all is well."""
    file = ROOT / path
    before = file.read_text()
    assert old in before, f"{path} holds no {old!r}"
    file.write_text(before.replace(old, new, 1))
    try:
        yield
    finally:
        file.write_text(before)
        # Longer than any watcher looks away, so that the service is down or new, not still the old one.
        await asyncio.sleep(2)
        await asyncio.to_thread(settle)


def settle() -> None:
    """Wait until every service answers for itself; a container's health is up to a check old."""
    deadline = time.monotonic() + 60
    while not (
        '"ok"' in stack.healthz("web")
        and '"ok"' in stack.healthz("ws")
        and stack.attempt("worker", "bash", "healthcheck.sh")[0] == 0
    ):
        assert time.monotonic() < deadline, "not back after an edit"
        time.sleep(0.5)


async def until_live(what: str, looks_new: Callable[[], Awaitable[bool]]) -> None:
    """Poll until the edit shows; print how long it took."""
    started = time.monotonic()
    while not await looks_new():
        assert time.monotonic() - started < LIVE_SECONDS, f"{what}: not live"
        await asyncio.sleep(0.1)
    print(f"live after {time.monotonic() - started:.1f} s: {what}")


async def holds(visitor: Visitor, path: str, word: str) -> bool:
    try:
        return word in (await visitor.http.get(path)).text
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(
    ("what", "file", "old", "new", "path"),
    [
        ("a template", "services/web/templates/base.html", "<body", "<!-- {} --><body", "/"),
        (
            "a stylesheet",
            "services/web/static/site/site.css",
            "/*",
            "/* {} */ /*",
            "/static/site/site.css",
        ),
        (
            "a view",
            "services/web/core/health/healthz.py",
            "_answer(200, health_answers.HEALTHY)",
            '_answer(200, {{**health_answers.HEALTHY, "edit": "{}"}})',
            "/healthz",
        ),
    ],
)
async def test_an_edit_of_the_web_service_is_live(
    stranger: Visitor, what: str, file: str, old: str, new: str, path: str
) -> None:
    word = f"edit-{uuid4().hex[:8]}"
    async with edited(file, old, new.format(word)):
        await until_live(what, lambda: holds(stranger, path, word))


async def test_an_edit_of_a_task_is_live(arrive: Any) -> None:
    owner = await arrive()
    word = f"edit_{uuid4().hex[:8]}"

    async def rings_anew() -> bool:
        await asyncio.to_thread(people.notify, owner.username, "ring")
        return any(word in line for line in stack.logs("worker", since))

    since = time.time()
    async with edited("packages/bellhop/src/bellhop/tasks.py", '"notification_rung"', f'"{word}"'):
        await until_live("a task", rings_anew)


async def test_an_edit_of_the_consumer_is_live(arrive: Any) -> None:
    owner = await arrive()
    word = f"edit-{uuid4().hex[:8]}"

    async def greets_anew() -> bool:
        try:
            socket = await owner.socket()
            await socket.until(lambda s: s.of_type("ready"), 2)
        except Exception:  # the service is just restarting
            return False
        return bool(socket.frames[0].get("edit") == word)

    file = "packages/bellhop/src/bellhop/sockets/consumer.py"
    async with edited(file, '{"type": "ready",', f'{{"type": "ready", "edit": "{word}",'):
        await until_live("a consumer", greets_anew)


async def test_an_edit_of_the_shared_package_is_live_in_all_services(arrive: Any) -> None:
    owner = await arrive()
    word = f"edit-{uuid4().hex[:8]}"

    async def logs_anew(service: str) -> bool:
        try:
            async with Visitor(owner.username) as device:
                await device.login()
                await device.socket()
        except Exception:  # noqa: S110 - the service is just restarting
            pass
        return any(word in line for line in stack.logs(service, since))

    since = time.time()
    async with edited("packages/stack/src/stack/logs.py", MARKED, f'{MARKED} + "-{word}"'):
        for service in ("web", "worker", "ws"):
            what = f"a module of packages/stack, in {service}"
            await until_live(what, partial(logs_anew, service))
