"""The task itself, over a real Redis: what it tells and hears, whom it closes, and when it does not."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from bellhop.conf import conf
from bellhop.contract import SOCKET_PROCESSES, SOCKETS_HERE
from bellhop.database.timeouts import availability
from bellhop.ring.channel_layer import DoorbellLayer
from bellhop.sockets.even_out import even_out_sockets
from bellhop.sockets.even_out.even_out_sockets import EvenOut
from bellhop.sockets.open_sockets import Registry, registry
from sockets.support import Visitor, consumers, until

HURRY = 20
"""A second of these tests is as many."""


@pytest.fixture(autouse=True)
def time_flies(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = SimpleNamespace(
        sleep=lambda seconds: asyncio.sleep(max(0, seconds) / HURRY),
        get_running_loop=asyncio.get_running_loop,
        Task=asyncio.Task,
    )
    monkeypatch.setattr(even_out_sockets, "asyncio", hurried)
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() * HURRY)
    monkeypatch.setattr(even_out_sockets, "time", clock)


class BareSocket:
    send_away: Callable[[], None]

    def __init__(self, *, is_ready: bool) -> None:
        self.login = SimpleNamespace(user_id=1)
        self.is_ready = is_ready


class Sockets:
    """The sockets of one process; who is sent away opens one where there are fewest."""

    everyone: list["Sockets"] = []

    def __init__(self, count: int, *, is_ready: bool = True) -> None:
        self.registry = Registry(10_000)
        self.even_out = EvenOut(self.registry)
        self.sent_away: list[Any] = []
        for number in range(count):
            self.open(number, is_ready=is_ready)

    def open(self, number: int, *, is_ready: bool = True) -> None:
        socket: Any = BareSocket(is_ready=is_ready)

        def send_away() -> None:
            self.sent_away.append(number)
            self.registry.leave(socket)
            min(self.everyone, key=lambda one: len(one.registry.sockets)).open(number)

        socket.send_away = send_away
        self.registry.add(socket)

    def __len__(self) -> int:
        return len(self.registry.sockets)


@contextmanager
def running(*processes: Sockets) -> Iterator[None]:
    Sockets.everyone = list(processes)
    for process in processes:
        process.even_out.start()
    try:
        yield
    finally:
        for process in processes:
            process.even_out.leave()


async def seconds(count: float) -> None:
    await asyncio.sleep(count / HURRY)


def heard(process: Sockets) -> tuple[int, ...]:
    """Return what the others have said to this one."""
    return process.even_out._processes.figures(0, time.monotonic() * HURRY).others


async def test_sockets_go_from_the_fullest_process_to_the_others_the_oldest_first() -> None:
    full, empty, other = processes = Sockets(90), Sockets(0), Sockets(0)
    with running(*processes):
        await until(lambda: [len(one) for one in processes] == [30, 30, 30])
    # Everyone once.
    assert sorted(full.sent_away) == list(range(60))
    assert full.sent_away == list(range(60))
    assert empty.sent_away == other.sent_away == []


async def test_who_is_not_let_in_yet_is_not_sent_away() -> None:
    full, empty = Sockets(40, is_ready=False), Sockets(0)
    with running(full, empty):
        await until(lambda: heard(full))
        await seconds(40)
    assert full.sent_away == []


async def test_who_leaves_is_forgotten_by_the_others_at_once_and_closes_nothing_more() -> None:
    full, empty = Sockets(400), Sockets(0)
    with running(full, empty):
        await until(lambda: heard(empty) and full.sent_away)
        full.even_out.leave()
        await until(lambda: not heard(empty))
        closed = len(full.sent_away)
        await seconds(10)
        assert len(full.sent_away) == closed
        assert empty.even_out._processes.figures(0, time.monotonic() * HURRY).went == 1


async def test_another_installation_on_the_same_redis_is_not_counted() -> None:
    mine, other = Sockets(100), Sockets(100)
    theirs = DoorbellLayer(conf.REDIS_URL, "somebody.else.")
    with running(mine, other):
        await until(lambda: heard(mine))
        for _ in range(60):
            for name in ("one", "two"):
                event = {"type": SOCKETS_HERE, "process": name, "sockets": 0}
                await theirs.group_send(SOCKET_PROCESSES, event)
            await seconds(1)
            assert heard(mine) in ((), (100,))
    assert mine.sent_away == other.sent_away == []
    await theirs.loop_layer().flush()


async def test_whose_database_is_away_closes_nothing_and_is_counted_by_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, empty = Sockets(100), Sockets(0)
    with running(full, empty):
        await until(lambda: heard(full))
        monkeypatch.setattr(availability, "is_lost", True)
        await until(lambda: not heard(full))
        await seconds(20)
        assert full.sent_away == []
        monkeypatch.setattr(availability, "is_lost", False)
        await until(lambda: full.sent_away)


async def test_without_redis_nothing_runs(settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"REDIS_URL": ""}
    alone = Sockets(10)
    with running(alone):
        assert alone.even_out._task is None


async def test_a_redis_that_is_away_stops_nothing_but_the_evening_out(
    settings: Any, closed_port: int
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"REDIS_URL": f"redis://127.0.0.1:{closed_port}/0"}
    full, empty = Sockets(100), Sockets(0)
    with running(full, empty):
        await seconds(60)
        task = full.even_out._task
        assert task is not None
        assert not task.done()
    assert full.sent_away == []


async def test_a_fault_in_one_period_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    full, empty = Sockets(40), Sockets(0)
    faults = iter([ValueError("no such socket")])
    oldest: Callable[[int], Any] = full.registry.oldest

    def faulty(count: int) -> Any:
        for fault in faults:
            raise fault
        return oldest(count)

    monkeypatch.setattr(full.registry, "oldest", faulty)
    with running(full, empty):
        await until(lambda: full.sent_away)


async def test_an_open_socket_is_closed_with_1012_once_and_sent_nothing_more(
    owner: Visitor, outsider: Visitor
) -> None:
    tab, foreign = await owner.tab(), await outsider.tab()
    (end,) = consumers(owner.user)
    assert registry.oldest(1) == [end]
    end.send_away()
    end.send_away()
    assert await tab.until_closed() == 1012
    await owner.ring(*await owner.add())
    assert (await foreign.settle()).closed_with is None
    assert tab.seqs == []
    # And comes back with everything.
    assert (await owner.tab("?after=0")).seqs == [1]
