"""The task itself: what it tells and hears, and whom it closes."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from bellhop.conf import conf
from bellhop.contract import SOCKET_PROCESSES, SOCKETS_HERE
from bellhop.ring.channel_layer import DoorbellLayer
from bellhop.sockets.even_out import even_out_sockets, known_processes
from bellhop.sockets.open_sockets import registry
from sockets.even_out.processes import Sockets, heard, running, seconds
from sockets.support import Visitor, consumers, until


async def test_sockets_go_from_the_fullest_process_to_the_others_the_oldest_first() -> None:
    full, empty, other = processes = Sockets(90), Sockets(0), Sockets(0)
    with running(*processes):
        await until(lambda: [len(one) for one in processes] == [30, 30, 30])
    # Everyone once.
    assert sorted(full.sent_away) == list(range(60))
    assert full.sent_away == list(range(60))
    assert empty.sent_away == other.sent_away == []


async def test_those_of_one_period_are_closed_one_after_the_other_until_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, moments = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        now[0] += max(0, seconds)

    monkeypatch.setattr(even_out_sockets, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(even_out_sockets, "time", SimpleNamespace(monotonic=lambda: now[0]))
    process = Sockets(100)
    for socket in process.registry.sockets:
        monkeypatch.setattr(socket, "send_away", lambda: moments.append(now[0]))
    await process.even_out._send_away(100, 5.0)
    assert len(moments) == 100
    assert moments[0] < 1
    assert 4 < moments[-1] <= 5
    assert max(later - one for one, later in pairwise(moments)) < 1


async def test_who_is_not_let_in_yet_is_not_sent_away() -> None:
    full, empty = Sockets(40, is_ready=False), Sockets(0)
    with running(full, empty):
        await until(lambda: heard(full))
        await seconds(40)
    assert full.sent_away == []


async def test_who_leaves_is_forgotten_by_the_others_at_once_and_closes_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Its silence would take them longer than this test.
    monkeypatch.setattr(known_processes, "FORGOTTEN_SECONDS", 10_000)
    full, empty = Sockets(400), Sockets(0)
    with running(full, empty):
        await until(lambda: heard(empty) and full.sent_away)
        full.even_out.leave()
        await until(lambda: not heard(empty))
        closed = len(full.sent_away)
        await seconds(10)
        assert len(full.sent_away) == closed


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
