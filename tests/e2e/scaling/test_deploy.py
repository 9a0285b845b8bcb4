"""The order of `./bellhop deploy`, on the running stack: nobody notices, and what does not start changes nothing.

There is no Compose where these tests run: replicas are made as Compose makes them, by the Docker Engine.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from docker.errors import DockerException
from support import containers, replicas, stack
from support.clients.tab import Tab, until
from support.gateway import BEAT, GATEWAY, PATIENCE, PUBLIC_HOST
from verbs.rolling_update import SERVICES, NotHealthyError, roll

pytestmark = [
    pytest.mark.containers("local processes run one of each service"),
    pytest.mark.redis("replicas are waited for until they are healthy"),
    pytest.mark.timeout(400),
]

BROKEN = ["sh", "-c", "echo this update is broken; exit 1"]
GRACE_SECONDS = 30


class EngineReplicas:
    """The stack's replicas by the Docker Engine; `broken` names the service whose new ones do not start."""

    def __init__(self, broken: str = "") -> None:
        self._broken = broken

    def running(self, service: str) -> list[str]:
        return [str(container.id) for container in replicas.of(service)]

    def add(self, service: str) -> str:
        command = BROKEN if service == self._broken else replicas.built_command(service)
        return str(replicas.add(service, command=command).id)

    def wait_healthy(self, replica: str) -> None:
        container = containers.engine().containers.get(replica)
        deadline = time.monotonic() + 120
        while (health := container.attrs["State"]["Health"]["Status"]) != "healthy":
            ended = container.attrs["RestartCount"] or not container.attrs["State"]["Running"]
            if health == "unhealthy" or ended or time.monotonic() > deadline:
                raise NotHealthyError(container.logs(tail=1).decode().strip())
            time.sleep(0.3)
            container.reload()

    def remove(self, replica: str) -> None:
        container = containers.engine().containers.get(replica)
        container.stop(timeout=GRACE_SECONDS)
        container.remove(force=True)

    def go_back(self) -> None:
        self._broken = ""


@pytest.fixture
async def tabs(arrive: Any) -> AsyncIterator[list[Tab]]:
    """Two people, one of them with two devices."""
    owner, outsider = await arrive(), await arrive()
    found = [Tab(owner), Tab(await arrive(owner.username)), Tab(outsider)]
    await until(lambda: all(tab.shown for tab in found), 30, "every tab open")
    yield found
    await asyncio.gather(*(tab.leave() for tab in found))


@asynccontextmanager
async def visited() -> AsyncIterator[Counter[str]]:
    """Ask for a page all the while, each time by a new connection; count the answers."""
    answers: Counter[str] = Counter()

    async def ask() -> None:
        while True:
            async with httpx.AsyncClient(timeout=30) as client:
                url, headers = f"http://{GATEWAY}/accounts/login/", {"Host": PUBLIC_HOST}
                try:
                    answers[str((await client.get(url, headers=headers)).status_code)] += 1
                except httpx.HTTPError as error:
                    answers[repr(error)] += 1
            await asyncio.sleep(0.1)

    asking = asyncio.create_task(ask())
    try:
        yield answers
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def told(tabs: list[Tab], count: int) -> None:
    """Tell each person one thing more; return when every tab has shown everything, once and in order."""
    names = sorted({tab.visitor.username for tab in tabs})
    code = (
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"for user in User.objects.filter(username__in={names!r}).order_by('pk'):\n"
        f"    notify(user, message=f'{{user.username}} {count}', key='{count}')"
    )
    deadline = time.monotonic() + 30
    while True:
        try:
            await asyncio.to_thread(stack.shell, code)
            break
        except (AssertionError, DockerException):
            # The shell is in a web container, and that one is just being replaced.
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)
    for tab in tabs:
        await until(
            lambda tab=tab: any(text.endswith(f" {count}") for text in tab.messages),
            BEAT * PATIENCE * 2,
            f"notification {count}",
        )
        assert tab.seqs == list(range(tab.seqs[0], tab.seqs[0] + len(tab.seqs)))
        others = {one.visitor.username for one in tabs} - {tab.visitor.username}
        assert not any(text.startswith(tuple(others)) for text in tab.messages)


async def test_an_update_replaces_every_replica_and_nobody_notices(tabs: list[Tab]) -> None:
    before = {service: EngineReplicas().running(service) for service in SERVICES}
    async with visited() as answers:
        await told(tabs, 1)
        update = asyncio.create_task(asyncio.to_thread(roll, EngineReplicas()))
        count = 1
        while not update.done():
            count += 1
            await told(tabs, count)
        await update
        await told(tabs, count + 1)
    for service in SERVICES:
        after = EngineReplicas().running(service)
        assert len(after) == len(before[service])
        assert not set(after) & set(before[service])
    assert set(answers) == {"200"}, answers
    # Told that it was a restart, and not found out.
    assert {code for tab in tabs for code in tab.closes} == {1012}


@pytest.mark.parametrize("broken", ["ws", "web"])
async def test_an_update_that_does_not_start_leaves_what_ran(tabs: list[Tab], broken: str) -> None:
    before = {service: EngineReplicas().running(service) for service in SERVICES}
    async with visited() as answers:
        with pytest.raises(NotHealthyError, match="this update is broken"):
            await asyncio.to_thread(roll, EngineReplicas(broken))
        await told(tabs, 1)
    assert {service: EngineReplicas().running(service) for service in SERVICES} == before
    assert set(answers) == {"200"}, answers
