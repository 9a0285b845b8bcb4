"""Percentiles, medians with their spread, ratios."""

import math

import pytest

from bench.reporting import figures
from bench.tests.conftest import flat


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1), (0.1, 1)])
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(percent: float, value: float) -> None:
    assert figures.percentile(list(range(1, 101)), percent) == value


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert figures.percentile([7.0], 50) == figures.percentile([7.0], 99) == 7.0


def test_a_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(figures.percentile([], 99))


def test_a_median_has_the_lowest_and_the_highest_round_beside_it() -> None:
    assert figures.median([3.0, 1.0, 2.0, 50.0, 2.5]) == figures.Median(2.5, 1.0, 50.0)


def test_rounds_without_a_value_do_not_count() -> None:
    assert figures.median([math.nan, 4.0]) == flat(4.0)
    assert figures.median([math.nan]) is figures.median([]) is None


def test_a_ratio_is_ours_over_theirs() -> None:
    assert figures.ratio(flat(10), flat(4)) == 2.5


def test_there_is_no_ratio_to_nothing() -> None:
    assert figures.ratio(flat(10), flat(0)) is None
    assert figures.ratio(None, flat(1)) is figures.ratio(flat(1), None) is None
