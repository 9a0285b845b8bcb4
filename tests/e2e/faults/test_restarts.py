"""Every service restarts while people are connected: tabs come back by themselves, and nothing is lost or doubled."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from support import people, replicas, stack
from support.clients.tab import Tab, until
from support.clients.visitor import Visitor
from support.gateway import PATIENCE

pytestmark = pytest.mark.timeout(400)

WORKER_GRACE_SECONDS = 30


@dataclass(frozen=True)
class Cast:
    """Tabs of one person on two devices, and one of somebody else."""

    owner: Visitor
    tabs: list[Tab]
    foreign: Tab


@pytest.fixture(scope="module")
async def cast() -> AsyncIterator[Cast]:
    """They stay open all the while, whatever is restarted."""
    owner, outsider = [Visitor(name) for name in people.make(2)]
    async with owner, outsider, Visitor(owner.username) as second_device:
        for visitor in (owner, second_device, outsider):
            assert (await visitor.login()).status_code == httpx.codes.FOUND
        tabs = [Tab(visitor) for visitor in (owner, second_device) for _ in range(3)]
        foreign = Tab(outsider)
        try:
            await until(lambda: all(tab.shown for tab in [*tabs, foreign]), 60, "every tab open")
            yield Cast(owner, tabs, foreign)
        finally:
            await asyncio.gather(*(tab.leave() for tab in [*tabs, foreign]))


async def all_there(cast: Cast, seq: int) -> None:
    """Wait until everybody has shown what there is up to that seq; nobody has shown anything else."""
    await until(lambda: all(tab.seqs[-1] == seq for tab in cast.tabs), 60, "everything there")
    for tab in cast.tabs:
        assert tab.seqs == list(range(tab.seqs[0], seq + 1))
        assert all("Welcome" in message or "number" in message for message in tab.messages)
    assert cast.foreign.seqs == [1]


async def test_nginx_reloads_without_a_failed_request_and_its_sockets_come_back(
    cast: Cast,
) -> None:
    closes = {tab: len(tab.closes) for tab in [*cast.tabs, cast.foreign]}
    statuses: list[int] = []
    for _ in range(3):
        await asyncio.to_thread(stack.reload_nginx)
        for _ in range(20):
            statuses.append((await get(cast.owner, "/accounts/email/")).status_code)
            await asyncio.sleep(0.05)
    assert set(statuses) == {httpx.codes.OK}
    # Old workers let go of their sockets after worker_shutdown_timeout, 10 s.
    await until(
        lambda: all(len(tab.closes) > count for tab, count in closes.items()),
        10 * PATIENCE,
        "let go",
    )
    seq = cast.tabs[0].seqs[-1]
    people.notify(cast.owner.username, *(f"number {number}" for number in range(5)))
    await all_there(cast, seq + 5)


RESTARTED = ["ws", "worker", "web", "nginx"]
"""And the database: see test_database_away.py."""

REDIS = pytest.param("redis", marks=pytest.mark.redis("restarts it"))


async def get(visitor: Visitor, path: str) -> httpx.Response:
    """Load a page as a browser does: once more where an idle connection was closed in that very moment."""
    try:
        return await visitor.http.get(path)
    except (httpx.RemoteProtocolError, httpx.ReadError):
        # The latter is a reset: the request had come when there was nobody any more to read it.
        return await visitor.http.get(path)


@pytest.mark.parametrize("service", [*RESTARTED, REDIS])
async def test_a_restart_of_one_service_loses_and_repeats_nothing(cast: Cast, service: str) -> None:
    seq = cast.tabs[0].seqs[-1]
    for moment in ("before", "after"):
        # web takes part in saving: what is saved before or after must arrive all the same.
        people.notify(cast.owner.username, *(f"number {number} {moment}" for number in range(5)))
        if moment == "before":
            await asyncio.to_thread(restart, service)
    await all_there(cast, seq + 10)


def restart(service: str) -> None:
    stack.stop(service)
    stack.start(service)
    stack.wait_healthy()


@pytest.mark.redis("replicas are waited for until they are healthy")
@pytest.mark.containers("local processes run under the reloader, which ends them its own way")
async def test_a_worker_that_is_stopped_amid_a_task_finishes_it_or_gives_it_back(
    arrive: Any,
) -> None:
    owner = await arrive()
    (row,) = (await owner.http.get("/api/notifications/")).json()["results"]
    since = time.time()
    # As in production: the reloader of development would end it in its own way.
    worker = replicas.add("worker", command=replicas.built_command("worker"))
    await asyncio.to_thread(replicas.wait_healthy, [worker])
    try:
        with stack.stopped("worker"):
            locking = asyncio.create_task(asyncio.to_thread(hold_lock))
            await until(lambda: is_running("pg_sleep"), 30, "the table is locked")
            stack.shell(
                "from bellhop import contract\n"
                "from bellhop.ring import publish_thread as doorbell\n"
                f"doorbell.ring(contract.RING, {row['id']!r}); doorbell.flush()"
            )
            task = row["id"].replace("-", "")
            await until(lambda: is_running(task), 60, "the task waits for the row")
            worker.kill("SIGTERM")
            release_lock()
            started = time.monotonic()
            await asyncio.to_thread(worker.wait)
            took = time.monotonic() - started
            print(f"worker stopped after {took:.1f} s")
            await locking
            worker.reload()
            assert worker.attrs["State"]["ExitCode"] == 0
            assert took < WORKER_GRACE_SECONDS
        rung = ("event=notification_rung", f"id={row['id']}")
        await until(
            lambda: any(replicas.log_lines(each, since, *rung) for each in replicas.of("worker")),
            60,
            "rung by the one or the other",
        )
    finally:
        # Where something has failed before, nobody else is kept waiting.
        release_lock()
        replicas.scale_back("worker")


def hold_lock() -> None:
    """Keep everyone from the notifications, from a connection of its own, until `release_lock`."""
    stack.attempt_sql("LOCK TABLE bellhop_notification; SELECT pg_sleep(180)")


def release_lock() -> None:
    stack.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE 'LOCK TABLE%' AND pid <> pg_backend_pid()"
    )


def is_running(words: str) -> bool:
    """Return whether a statement with these words is under way in the database."""
    active = "FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    return int(stack.sql(f"SELECT count(*) {active} AND query LIKE '%{words}%'")) > 0
