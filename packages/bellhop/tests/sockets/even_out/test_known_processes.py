"""Who is counted among the socket processes, and when their figures are good enough to act upon."""

from typing import Any

import pytest

from bellhop.sockets.even_out.known_processes import (
    FORGOTTEN_SECONDS,
    FRESH_SECONDS,
    PERIOD,
    KnownProcesses,
)


def said(process: str, sockets: int | None) -> dict[str, Any]:
    return {"process": process, "sockets": sockets}


@pytest.fixture
def known() -> KnownProcesses:
    """Hears itself and one other at second 0."""
    found = KnownProcesses("own")
    found.hear(said("own", 9), 0)
    found.hear(said("other", 5), 0)
    return found


def test_its_own_count_is_that_of_now_and_the_others_are_what_they_said_last(
    known: KnownProcesses,
) -> None:
    known.hear(said("other", 6), 1)
    figures = known.figures(10, 1)
    assert (figures.here, figures.others, figures.is_live) == (10, (6,), True)


def test_where_one_is_silent_the_figures_are_not_live_and_then_it_is_forgotten(
    known: KnownProcesses,
) -> None:
    for second in range(1, round(FORGOTTEN_SECONDS) + 2):
        known.hear(said("own", 9), second)
        figures = known.figures(9, second)
        is_known = second <= FORGOTTEN_SECONDS
        assert figures.others == ((5,) if is_known else ())
        assert figures.is_live == (second <= FRESH_SECONDS or not is_known)
        assert figures.went == (not is_known)


def test_a_process_that_is_merely_late_is_still_live(known: KnownProcesses) -> None:
    late = 1.3 * PERIOD
    known.hear(said("own", 9), late)
    assert known.figures(9, late).is_live


def test_who_says_goodbye_is_forgotten_at_once(known: KnownProcesses) -> None:
    known.hear(said("other", None), 1)
    figures = known.figures(9, 1)
    assert (figures.others, figures.is_live, figures.went) == ((), True, 1)


def test_who_does_not_hear_itself_acts_upon_nothing() -> None:
    known = KnownProcesses("own")
    known.hear(said("other", 5), 0)
    assert not known.figures(9, 0).is_live


@pytest.mark.parametrize(
    "event",
    [
        {},
        said("third", -1),
        {"process": 7, "sockets": 7},
        {"process": "third", "sockets": "7"},
        {"process": ["third"], "sockets": None},
    ],
)
def test_what_is_no_figure_is_ignored(known: KnownProcesses, event: dict[str, Any]) -> None:
    before = known.figures(9, 1)
    known.hear(event, 1)
    assert known.figures(9, 1) == before


def test_whoever_writes_to_redis_cannot_fill_its_memory(known: KnownProcesses) -> None:
    for number in range(5000):
        known.hear(said(f"process {number}", 1), 1)
    assert len(known.figures(9, 1).others) < 1000
    known.hear(said("other", 8), 1)
    assert 8 in known.figures(9, 1).others
