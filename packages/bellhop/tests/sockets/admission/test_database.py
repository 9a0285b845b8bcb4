"""A query that hangs delays who asked, and nobody else."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from bellhop.database import query_threads
from bellhop.models import Inbox
from bellhop.server.ws_health_check import missing
from bellhop.sockets import missed_notifications
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Visitor, add, until


class Hang:
    """Whatever one user missed takes for ever."""

    def __init__(self, user_id: int) -> None:
        self._user_id = user_id
        self._released = threading.Event()
        self._missed = missed_notifications.missed
        self.waiting = 0
        self.expired = False

    def missed(self, user_id: int, cursor: int) -> missed_notifications.Missed:
        if user_id == self._user_id:
            self.waiting += 1
            self.expired |= not self._released.wait(60)
        return self._missed(user_id, cursor)

    def release(self) -> None:
        self._released.set()


@pytest.fixture
def hang(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hang]:
    """From now on the owner's queries hang, until released or the test ends."""
    hang = Hang(owner.user.pk)
    monkeypatch.setattr(missed_notifications, "missed", hang.missed)
    yield hang
    hang.release()


@pytest.mark.parametrize("tabs", [1, 10])
async def test_a_query_that_hangs_delays_its_user_only(
    owner: Visitor, outsider: Visitor, hang: Hang, tabs: int
) -> None:
    foreign = await outsider.tab("?after=0")
    await owner.add()
    keys = [await owner.second_device() for _ in range(tabs)]
    # Each is accepted when its user's turn comes.
    knocking = [asyncio.create_task(owner.knock("?after=0", key)) for key in keys]
    await until(lambda: hang.waiting == min(tabs, query_threads.SHARE))
    # A ring that leaves a gap, a new socket, the health check and the beat: all ask the database.
    await outsider.ring(*(await outsider.add(2))[1:])
    await until(lambda: foreign._heard() and foreign.seqs == [1, 2])
    second_device = await outsider.tab("?after=0", await outsider.second_device())
    assert second_device.seqs == [1, 2]
    assert await missing() == []
    await outsider.add()
    await beat.tick()
    await until(lambda: second_device._heard() and second_device.seqs == [1, 2, 3])
    assert not hang.expired, "the others waited until it was over"
    hang.release()
    await asyncio.gather(*knocking)


async def test_a_repair_that_hangs_holds_up_neither_the_others_nor_the_next_beat(
    owner: Visitor, outsider: Visitor, hang: Hang, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as calm:
        calm.setattr(
            missed_notifications,
            "missed",
            lambda *_: missed_notifications.Missed([], 0, too_many=False),
        )
        await owner.tab()
    foreign = await outsider.tab()
    for seqs in ([1], [1, 2]):
        await owner.add()
        await outsider.add()
        await beat.tick()
        await until(lambda seqs=seqs: foreign._heard() and foreign.seqs == seqs)
    assert (hang.waiting, hang.expired) == (1, False)


@contextmanager
def taken(*lanes: ThreadPoolExecutor) -> Iterator[None]:
    """Every thread of these lanes waits for something."""
    release = threading.Event()
    waiting = [lane.submit(release.wait, 60) for lane in lanes for _ in range(lane._max_workers)]
    try:
        yield
    finally:
        release.set()
    assert [job.result() for job in waiting] == [True] * len(waiting)


async def test_upkeep_does_not_wait_for_sockets(owner: Visitor, outsider: Visitor) -> None:
    tab = await outsider.tab()
    with taken(query_threads.sockets_lane, query_threads.strangers_lane):
        (row,) = await outsider.do(add)
        # Next in order: nobody needs to be asked.
        await outsider.ring(row)
        await until(lambda: tab._heard() and tab.seqs == [1])
        assert await missing() == []
        await beat.tick()


async def test_a_storm_of_strangers_holds_up_nobody_who_is_in(
    owner: Visitor, outsider: Visitor
) -> None:
    """A gap that must be read from the database is, while everyone who knocks still waits for a thread."""
    tab = await outsider.tab()
    with taken(query_threads.strangers_lane):
        knocking = asyncio.create_task(owner.knock())
        await outsider.ring((await outsider.add(2))[1])
        await until(lambda: tab._heard() and tab.seqs == [1, 2])
        assert not knocking.done()
    assert (await knocking).of_type("ready")


async def test_who_is_being_let_in_leaves_room_for_who_is_in_and_for_other_users(
    transactional_db: None,
) -> None:
    release, hanging = threading.Event(), threading.Semaphore(0)

    def hang() -> bool:
        hanging.release()
        return release.wait(60)

    tabs = [asyncio.create_task(query_threads.ask_joining(1, hang)) for _ in range(9)]
    await until(lambda: hanging._value == query_threads.SHARE)
    assert await query_threads.ask_joining(2, lambda: "let in") == "let in"
    storm = [asyncio.create_task(query_threads.ask_joining(10 + n, hang)) for n in range(50)]
    await until(lambda: hanging._value == query_threads.JOINING)
    assert await query_threads.ask_for(2, lambda: "answered") == "answered"
    assert not any(task.done() for task in (*tabs, *storm))
    release.set()
    assert all(await asyncio.gather(*tabs, *storm))


async def test_there_are_no_more_threads_than_connections(transactional_db: None) -> None:
    lanes = [query_threads.sockets_lane, query_threads.strangers_lane, query_threads.upkeep_lane]
    assert sum(lane._max_workers for lane in lanes) == query_threads.CONNECTIONS


async def test_what_goes_wrong_reaches_who_asked(transactional_db: None) -> None:
    def fail(text: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        raise ValueError(text)

    with pytest.raises(ValueError, match="asked by a user"):
        await query_threads.ask_for(7, fail, "asked by a user")
    with pytest.raises(ValueError, match="asked by a handshake"):
        await query_threads.run(query_threads.strangers_lane, fail, "asked by a handshake")


@pytest.mark.django_db(transaction=True)
@override_settings(DEBUG=True)
async def test_in_development_no_query_is_remembered_longer_than_its_question() -> None:
    def look() -> int:
        Inbox.objects.exists()
        return len(connection.queries_log)

    assert [await query_threads.run(query_threads.strangers_lane, look) for _ in range(20)] == [
        1
    ] * 20
