"""By how much a service grows: what a run of an hour says of it."""

import pytest
from prove.memory import slope


def test_what_stays_as_it_is_does_not_grow() -> None:
    assert slope([(hour / 60, 100.0) for hour in range(60)]) == pytest.approx(0, abs=1e-6)


def test_growth_is_told_by_the_hour() -> None:
    assert slope([(minute / 60, 100 + minute) for minute in range(60)]) == pytest.approx(60)


def test_what_a_start_takes_is_no_growth() -> None:
    starting = [(minute / 60, 10.0 * minute) for minute in range(10)]
    assert slope([*starting, *((minute / 60, 100.0) for minute in range(10, 60))]) == pytest.approx(
        0, abs=1e-6
    )


def test_two_looks_at_the_same_moment_are_no_growth() -> None:
    assert slope([(1.0, 100.0), (1.0, 120.0)]) == 0
