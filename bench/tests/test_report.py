"""The report says what was measured, and what was not."""

import json
from pathlib import Path

from bench.peers import PEERS
from bench.plan import FULL, QUICK
from bench.reporting import report
from bench.runner import Results, order

RUN = report.Run("2026-11-25 10:00 UTC", {"cores": "2", "processor": "some"}, "--quick", QUICK, 120)


def results(**rates: list[float]) -> Results:
    """Return results of one measure, a list of rounds a peer."""
    made = Results()
    for peer, values in rates.items():
        for value in values:
            made.add("throughput", peer, {"per_second": value, "generator_cores": 0.2})
    return made


def test_a_row_has_medians_with_spread_and_ratios_with_bounds() -> None:
    text = report.markdown(RUN, results(bellhop=[900.0, 1000.0, 1200.0], tutorial=[100.0]))
    assert "| 1,000 (900–1,200) | 100 | 10 (≥ 20 ✗) |" in text
    assert "2 cores, some" in text


def test_what_was_not_measured_has_no_row_and_what_failed_is_told() -> None:
    made = results(bellhop=[1.0])
    made.failures.append("idle, Bellhop: TimeoutError: too long")
    text = report.markdown(RUN, made)
    assert "memory of an idle socket" not in text
    assert "- idle, Bellhop: TimeoutError: too long" in text


def test_missed_bounds_are_listed_in_words() -> None:
    missed = report.missed(results(bellhop=[1000.0], tutorial=[100.0], socketio=[500.0]))
    assert missed == ["one ws process, 0 lost, p99 ≤ 100 ms: 10 (≥ 20 ✗) the tutorial version"]


def test_measures_with_fewer_rounds_are_named() -> None:
    made = results(bellhop=[1.0])
    made.add("storm", "bellhop", {"seconds": 1.0})
    text = report.markdown(report.Run("today", {}, "", FULL, 1), made)
    assert "5 rounds, there and back (A B B A); reconnect storm 3." in text


def test_programs_get_every_sample(tmp_path: Path) -> None:
    report.write(tmp_path, RUN, results(bellhop=[900.0, 1000.0]))
    read = json.loads((tmp_path / "report.json").read_text())
    assert [sample["per_second"] for sample in read["samples"]["throughput"]["bellhop"]] == [
        900,
        1000,
    ]


def test_figures_have_three_significant_digits() -> None:
    assert [report.number(value) for value in (0, 0.1234, 12.345, 1234.5)] == [
        "0",
        "0.123",
        "12.3",
        "1,234",
    ]


def test_rounds_go_there_and_back() -> None:
    peers = list(PEERS.values())
    assert order(peers, 0) == order(peers, 2) == peers
    assert order(peers, 1) == peers[::-1]
