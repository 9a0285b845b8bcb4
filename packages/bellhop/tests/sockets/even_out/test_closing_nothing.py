"""When nothing is closed: nearly even, somebody gone or silent, or a load balancer to whom it means nothing."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bellhop.sockets.even_out.known_processes import PERIOD, Figures
from bellhop.sockets.even_out.shed_rounds import (
    REMEMBERED_SECONDS,
    REST_MOST,
    REST_SECONDS,
    STABLE_SECONDS,
    UNEVEN_SOCKETS,
    ShedRounds,
)
from sockets.even_out.cluster import Choose, Cluster, Process, fewest, same_again

HOUR = 3600


@given(seed=st.integers(0, 1_000_000), mean=st.integers(0, 1000), processes=st.integers(1, 6))
def test_nearly_even_processes_close_nothing(seed: int, mean: int, processes: int) -> None:
    chance = random.Random(seed)
    most = max(mean // 10, UNEVEN_SOCKETS) // 2
    sockets = [max(0, mean + chance.randint(-most, most)) for _ in range(processes)]
    cluster = Cluster(sockets, seed=seed)
    cluster.run(600)
    assert cluster.closes == []


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("says_goodbye", [True, False])
@pytest.mark.parametrize("processes", [2, 3, 4])
def test_a_process_that_ends_makes_nobody_close_anything(
    processes: int, says_goodbye: bool, seed: int
) -> None:
    cluster = Cluster([200] * processes, seed=seed)
    cluster.run(60 + cluster.random.uniform(0, 5))
    cluster.stop(cluster.processes[-1], says_goodbye=says_goodbye)
    cluster.run(300)
    assert cluster.closes == []


def test_a_process_that_ends_during_a_round_ends_the_round() -> None:
    cluster = Cluster([300, 0, 0])
    cluster.run(20)
    closed = len(cluster.closes)
    assert 0 < closed < 200
    cluster.stop(cluster.processes[-1], says_goodbye=True)
    # What was begun in this period goes on.
    cluster.run(6)
    closed = len(cluster.closes)
    cluster.run(40)
    assert len(cluster.closes) == closed
    cluster.run(120)
    assert cluster.is_within(0.2)


@pytest.mark.parametrize("seed", range(10))
def test_a_rolling_restart_of_four_ends_even(seed: int) -> None:
    cluster = Cluster([200] * 4, seed=seed)
    cluster.run(60)
    for process in list(cluster.processes):
        cluster.stop(process, says_goodbye=True)
        cluster.run(5)
        cluster.add()
        cluster.run(10)
    cluster.run(200)
    assert cluster.is_within(0.2)


def unknown_to_it(cluster: Cluster, _: Process | None) -> Process:
    """What a load balancer does that does not know the last process."""
    return min(cluster.running[:-1], key=lambda process: process.sockets)


@pytest.mark.parametrize(
    ("choose", "sockets"),
    [(same_again, [500, 0, 0]), (same_again, [12, 0]), (unknown_to_it, [300, 300, 0])],
)
def test_where_all_come_back_to_the_same_process_it_gives_up_for_longer_each_time(
    choose: Choose, sockets: list[int]
) -> None:
    cluster = Cluster(sockets, choose=choose)
    with capture_logs() as lines:
        cluster.run(2 * 24 * HOUR)
    warnings = [line for line in lines if line["event"] == "sockets_came_back"]
    by_process = len({name for _, name in cluster.closes})
    rests = sorted({line["rest"] for line in warnings})
    assert rests[:3] == [REST_SECONDS, 2 * REST_SECONDS, 4 * REST_SECONDS]
    assert rests[-1] <= REST_MOST
    assert len(warnings) <= 10 * by_process
    # For each time no more than once around, or a handful.
    surplus = sum(max(0, one - sum(sockets) / len(sockets)) for one in sockets)
    assert len(cluster.closes) <= len(warnings) / by_process * (surplus + 10 * by_process)


def natural(cluster: Cluster, seconds: float, a_second: float) -> None:
    """Have people come and go all the while."""

    def come_and_go() -> None:
        fewest(cluster, None).sockets += 1
        leaves = cluster.random.choice([one for one in cluster.running if one.sockets])
        leaves.sockets -= 1
        cluster.after(cluster.random.expovariate(a_second), come_and_go)

    cluster.after(0, come_and_go)
    cluster.run(seconds)


def test_people_who_come_and_go_are_no_reason_to_close_anything() -> None:
    cluster = Cluster([100, 100, 100])
    natural(cluster, HOUR, a_second=2)
    assert cluster.closes == []


def test_people_who_leave_in_the_evening_are_no_reason_either() -> None:
    cluster = Cluster([400, 400])

    def leave() -> None:
        for process in cluster.running:
            process.sockets -= process.sockets > 50
        cluster.after(0.5, leave)

    cluster.run(30)
    leave()
    cluster.run(10 * REMEMBERED_SECONDS)
    assert cluster.closes == []


def silent_to_all(cluster: Cluster) -> None:
    cluster.tell = lambda process, sockets: None  # type: ignore[method-assign]


def deaf_but_for_itself(cluster: Cluster) -> None:
    def tell(process: Process, sockets: int | None) -> None:
        process.known.hear({"process": process.name, "sockets": sockets}, cluster.now)

    cluster.tell = tell  # type: ignore[method-assign]


@pytest.mark.parametrize("without", [silent_to_all, deaf_but_for_itself])
def test_without_redis_nothing_is_closed(without: Callable[[Any], None]) -> None:
    cluster = Cluster([500, 0])
    without(cluster)
    cluster.run(300)
    assert cluster.closes == []


def test_when_redis_goes_in_a_round_the_round_stops() -> None:
    cluster = Cluster([500, 0])
    cluster.run(20)
    assert cluster.closes
    silent_to_all(cluster)
    cluster.run(20)
    closed = len(cluster.closes)
    cluster.run(300)
    assert len(cluster.closes) == closed < 250


def sent_away(rounds: ShedRounds, second: float, *, is_live: bool) -> int:
    return rounds.send_away(Figures(500, (0,), is_live, came=2, went=0), second)


def test_while_somebody_is_silent_no_round_begins() -> None:
    rounds = ShedRounds()
    for second in range(0, 600, round(PERIOD)):
        # Every third time somebody is late: what was seen before counts no more.
        assert sent_away(rounds, second, is_live=second % 15 != 10) == 0


def test_while_somebody_is_silent_a_round_pauses() -> None:
    rounds = ShedRounds()
    assert sent_away(rounds, 0, is_live=True) == 0
    assert sent_away(rounds, STABLE_SECONDS, is_live=True) > 0
    assert sent_away(rounds, STABLE_SECONDS + 5, is_live=False) == 0
    assert sent_away(rounds, STABLE_SECONDS + 10, is_live=True) > 0
