"""Every service restarts while people are connected: tabs come back by themselves, and nothing is lost or doubled."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from support import people, replicas, stack
from support.clients.tab import Tab, until
from support.clients.visitor import Visitor
from support.gateway import PATIENCE

pytestmark = pytest.mark.timeout(400)

SOCKETS = 200
GRACE_SECONDS = 20
WORKER_GRACE_SECONDS = 30


@asynccontextmanager
async def open_tabs(devices: list[Visitor], count: int) -> AsyncIterator[list[Tab]]:
    tabs = [Tab(devices[number % len(devices)]) for number in range(count)]
    try:
        await until(lambda: all(tab.shown for tab in tabs), 60, "every tab open")
        yield tabs
    finally:
        await asyncio.gather(*(tab.leave() for tab in tabs))


@pytest.mark.redis("replicas are waited for until they are healthy")
@pytest.mark.containers("local processes run one of each service")
async def test_ws_that_is_stopped_tells_everyone_and_ends_well_within_its_grace(
    arrive: Any,
) -> None:
    devices = [await arrive() for _ in range(10)]
    async with replicas.scaled(ws=2), open_tabs(devices, SOCKETS) as tabs:
        (_, second) = replicas.of("ws")
        started = time.monotonic()
        await asyncio.to_thread(second.stop, timeout=GRACE_SECONDS)
        took = time.monotonic() - started
        second.reload()
        moved = [tab for tab in tabs if tab.closes]
        print(f"stopped after {took:.1f} s; {len(moved)} moved")
        assert second.attrs["State"]["ExitCode"] == 0
        assert took < GRACE_SECONDS
        assert moved
        assert {code for tab in moved for code in tab.closes} == {1012}
        # Told one after the other: who is told last has no company of two hundred at the door.
        told = sorted(tab.closed_at[0] for tab in moved)
        assert told[-1] - told[0] > len(moved) * 0.003
        await until(lambda: all(tab.is_open for tab in tabs), 30, "all on the other replica")
        people.notify(devices[0].username, "after it")
        owned = [tab for tab in tabs if tab.visitor is devices[0]]
        await until(lambda: all(tab.seqs == [1, 2] for tab in owned), 15, "served again")


async def test_nginx_reloads_without_a_failed_request_and_its_sockets_come_back(
    arrive: Any,
) -> None:
    devices = [await arrive(), await arrive()]
    async with open_tabs(devices, 20) as tabs:
        statuses: list[int] = []
        for _ in range(3):
            await asyncio.to_thread(stack.reload_nginx)
            for _ in range(20):
                statuses.append((await get(devices[0], "/accounts/email/")).status_code)
                await asyncio.sleep(0.05)
        assert set(statuses) == {httpx.codes.OK}
        # Old workers let go of their sockets after worker_shutdown_timeout, 10 s.
        await until(lambda: all(tab.closes for tab in tabs), 10 * PATIENCE, "let go")
        for number in range(5):
            people.notify(devices[0].username, f"number {number}")
        owned = [tab for tab in tabs if tab.visitor is devices[0]]
        foreign = [tab for tab in tabs if tab.visitor is devices[1]]
        await until(lambda: all(tab.seqs[-1] == 6 for tab in owned), 30, "everything there")
        assert all(tab.seqs == list(range(1, 7)) for tab in owned)
        assert all(tab.seqs == [1] for tab in foreign)


RESTARTED = ["ws", "worker", "web", "nginx", "db"]
REDIS = pytest.param("redis", marks=pytest.mark.redis("restarts it"))


async def get(visitor: Visitor, path: str) -> httpx.Response:
    """Load a page as a browser does: once more where an idle connection was closed in that very moment."""
    try:
        return await visitor.http.get(path)
    except httpx.RemoteProtocolError:
        return await visitor.http.get(path)


@pytest.mark.parametrize("service", [*RESTARTED, REDIS])
async def test_a_restart_of_one_service_loses_and_repeats_nothing(
    arrive: Any, service: str
) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    async with open_tabs([owner, second_device], 6) as tabs, open_tabs([outsider], 1) as foreign:
        for moment in ("before", "after"):
            # web and db take part in saving: what is saved before or after must arrive all the same.
            people.notify(owner.username, *(f"{moment} {number}" for number in range(5)))
            if moment == "before":
                await asyncio.to_thread(restart, service)
        await until(lambda: all(tab.seqs[-1] == 12 for tab in tabs), 60, "everything there")
        for tab in tabs:
            assert tab.seqs == list(range(tab.seqs[0], 13))
            assert all("Welcome" in m or m[:6] in ("before", "after ") for m in tab.messages)
        assert foreign[0].seqs == [1]


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
            await until(lambda: is_running("pg_sleep"), 10, "the table is locked")
            stack.shell(
                "from bellhop import contract\n"
                "from bellhop.ring import publish_thread as doorbell\n"
                f"doorbell.ring(contract.RING, {row['id']!r}); doorbell.flush()"
            )
            task = row["id"].replace("-", "")
            await until(lambda: is_running(task), 20, "the task waits for the row")
            worker.kill("SIGTERM")
            release_lock()
            started = time.monotonic()
            await asyncio.to_thread(worker.wait)
            print(f"worker stopped after {time.monotonic() - started:.1f} s")
            await locking
            worker.reload()
            assert worker.attrs["State"]["ExitCode"] == 0
            assert time.monotonic() - started < WORKER_GRACE_SECONDS
        rung = ("event=notification_rung", f"id={row['id']}")
        await until(
            lambda: any(replicas.log_lines(each, since, *rung) for each in replicas.of("worker")),
            60,
            "rung by the one or the other",
        )
    finally:
        replicas.scale_back("worker")


def hold_lock() -> None:
    """Keep everyone from the notifications, from a connection of its own, until `release_lock`."""
    stack.attempt_sql("LOCK TABLE bellhop_notification; SELECT pg_sleep(60)")


def release_lock() -> None:
    stack.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE 'LOCK TABLE%' AND pid <> pg_backend_pid()"
    )


def is_running(words: str) -> bool:
    """Return whether a statement with these words is under way in the database."""
    active = "FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    return int(stack.sql(f"SELECT count(*) {active} AND query LIKE '%{words}%'")) > 0
