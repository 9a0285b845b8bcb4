"""What the task does where something that it needs is away, or goes wrong: it closes nothing, and goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bellhop.database.timeouts import availability
from bellhop.sockets.even_out import known_processes
from sockets.even_out.processes import Sockets, heard, running, seconds
from sockets.support import until


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


async def test_figures_of_before_count_no_more_once_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full, empty = Sockets(100), Sockets(0)
    was_live: list[bool] = []

    def send_away(figures: known_processes.Figures, _: float) -> int:
        was_live.append(figures.is_live)
        return 0

    monkeypatch.setattr(full.even_out._rounds, "send_away", send_away)
    with running(full, empty):
        await until(lambda: any(was_live))
        monkeypatch.setattr(availability, "is_lost", True)
        was_live.clear()
        await until(lambda: was_live)
        assert not was_live[0]


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
    with capture_logs() as lines, running(full, empty):
        await seconds(60)
        task = full.even_out._task
        assert task is not None
        assert not task.done()
    assert full.sent_away == []
    # Nobody expected anything else.
    assert {line["event"] for line in lines} <= {"layer_lost"}


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
