"""Verdicts: a bound holds or not, is only reported, or has nothing to be held against."""

import pytest

from bench.measures import MEASURES
from bench.reporting.goals import GOALS, Goal, at_least, at_most, verdicts
from bench.tests.conftest import flat

GOAL = Goal("throughput", "per_second", "a title", "messages/s", at_least(20), at_least(1))


def test_a_bound_holds_when_it_is_just_met() -> None:
    assert at_least(20).holds(20)
    assert not at_least(20).holds(19.9)
    assert at_most(0.5).holds(0.5)
    assert not at_most(0.5).holds(0.51)


def test_a_verdict_is_on_the_ratio_to_each_peer() -> None:
    found = verdicts(GOAL, {"bellhop": flat(1000), "tutorial": flat(100), "socketio": flat(1000)})
    assert (found["tutorial"].value, found["tutorial"].holds) == (10, False)
    assert (found["socketio"].value, found["socketio"].holds) == (1, True)


def test_a_peer_that_was_not_measured_has_no_verdict() -> None:
    assert set(verdicts(GOAL, {"bellhop": flat(1), "tutorial": flat(1)})) == {"tutorial"}
    assert verdicts(GOAL, {"tutorial": flat(1)}) == {}


def test_without_a_bound_a_ratio_is_reported_and_holds() -> None:
    reported = Goal("idle", "ms_per_1000", "a title", "ms/s", at_most(0.5))
    found = verdicts(reported, {"bellhop": flat(9), "socketio": flat(1)})
    assert (found["socketio"].bound, found["socketio"].holds) == (None, True)


def test_bellhops_own_bound_needs_no_peer() -> None:
    goal = Goal("notify", "p50", "a title", "ms", alone=at_most(10))
    assert verdicts(goal, {"bellhop": flat(11)})["alone"].holds is False


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.measure}.{goal.value}")
def test_every_goal_names_a_measure_that_there_is(goal: Goal) -> None:
    assert goal.measure in MEASURES
