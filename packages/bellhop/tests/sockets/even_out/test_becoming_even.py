"""Whole clusters, played without a network: however sockets are spread, they become even, soon and slowly."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bellhop.sockets.even_out.shed_rounds import MOST_A_SECOND, UNEVEN_SOCKETS
from sockets.even_out.cluster import Cluster, anyone

HOUR = 3600


def most_in(seconds: float, moments: list[float]) -> int:
    """Return how many of these moments there are at most in so many seconds."""
    ordered = sorted(moments)
    return max(
        (sum(begin <= one < begin + seconds for one in ordered) for begin in ordered), default=0
    )


@pytest.mark.parametrize("seed", range(20))
def test_500_sockets_are_within_a_fifth_of_even_a_minute_after_scaling_from_1_to_4(
    seed: int,
) -> None:
    cluster = Cluster([500], seed=seed)
    cluster.run(60)
    for _ in range(3):
        cluster.add()
    cluster.run(60)
    assert cluster.is_within(0.2)
    assert sum(cluster.sockets) == 500
    # Slowly, and each that had to go, once.
    assert len(cluster.closes) == 375
    assert most_in(5, [moment for moment, _ in cluster.closes]) < 375 / 2


def test_a_replica_that_starts_while_sockets_are_sent_away_gets_its_share_by_the_same_round() -> (
    None
):
    cluster = Cluster([500])
    cluster.run(60)
    cluster.add()
    cluster.run(20)
    assert cluster.closes
    cluster.add()
    with capture_logs() as lines:
        cluster.run(45)
        assert cluster.is_within(0.2)
        cluster.run(120)
    assert [line["event"] for line in lines] == ["sockets_shed"]


def test_one_more_beside_many_gets_its_share() -> None:
    cluster = Cluster([100] * 12)
    cluster.run(60)
    # None of the twelve is by a tenth above the mean.
    cluster.add()
    cluster.run(60)
    assert cluster.is_within(0.2)


@given(
    sockets=st.lists(st.integers(0, 400), min_size=2, max_size=8), seed=st.integers(0, 1_000_000)
)
def test_however_they_are_spread_they_become_even_and_nobody_goes_below_the_mean(
    sockets: list[int], seed: int
) -> None:
    cluster, mean = Cluster(sockets, seed=seed), sum(sockets) / len(sockets)
    for _ in range(300):
        cluster.run(1)
        for process, began_with in zip(cluster.processes, sockets, strict=True):
            if process.closed:
                assert process.sockets >= int(mean), "below the mean"
                # Nobody was closed who was not too many, twice or at all.
                assert process.closed <= began_with - int(mean)
    most = max(mean / 10, UNEVEN_SOCKETS)
    assert all(abs(one - mean) <= most + 1 for one in cluster.sockets)
    closed = len(cluster.closes)
    cluster.run(HOUR)
    assert len(cluster.closes) == closed, "flaps"


def test_twenty_thousand_are_sent_away_no_faster_than_one_process_bears() -> None:
    cluster = Cluster([20_000, 0, 0, 0])
    cluster.run(HOUR / 2)
    assert cluster.is_within(0.1)
    moments = Counter(int(moment // 5) for moment, _ in cluster.closes)
    assert max(moments.values()) <= 5 * MOST_A_SECOND * 1.25


def test_one_with_room_is_sent_no_more_by_ten_than_by_one() -> None:
    cluster = Cluster([2000] * 10)
    cluster.run(60)
    cluster.add()
    cluster.run(300)
    assert cluster.is_within(0.2)
    moments = Counter(int(moment // 5) for moment, _ in cluster.closes)
    assert max(moments.values()) <= 5 * MOST_A_SECOND * 1.25


def test_a_load_balancer_that_takes_anyone_makes_them_even_too() -> None:
    cluster = Cluster([500, 0, 0, 0], choose=anyone)
    cluster.run(300)
    assert cluster.is_within(0.25)
    assert len(cluster.closes) < 2 * 375


def test_a_round_is_one_line() -> None:
    with capture_logs() as lines:
        cluster = Cluster([500, 0, 0, 0])
        cluster.run(120)
    (line,) = lines
    assert (line["event"], line["closed"], line["mean"], line["processes"]) == (
        "sockets_shed",
        375,
        125,
        4,
    )
