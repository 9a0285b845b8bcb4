"""One thing that is lost and comes back: said once each way, tried once a pause, judged by the latest evidence."""

import threading
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from bellhop.outage import Outage

GONE = ConnectionRefusedError("gone\nfor a while")


@pytest.fixture
def outage() -> Outage:
    return Outage("thing_lost", "thing_back", note="goes on without it", pause=5)


def test_it_is_said_once_when_it_goes_and_once_when_it_is_back(outage: Outage) -> None:
    with capture_logs() as lines:
        outage.worked()
        for _ in range(3):
            outage.failed(GONE)
        outage.worked(things=2)
        outage.worked(things=3)
    lost, back = lines
    assert (lost["event"], lost["log_level"]) == ("thing_lost", "warning")
    assert (lost["error"], lost["note"]) == ("gone for a while", "goes on without it")
    assert (back["event"], back["log_level"], back["things"]) == ("thing_back", "info", 2)


def test_an_error_that_nobody_expects_has_its_traceback(outage: Outage) -> None:
    with capture_logs() as lines:
        outage.failed(GONE, exc_info=GONE)
    assert lines[0]["exc_info"] is GONE


def test_who_asks_is_refused_for_a_pause_and_then_one_of_all_may_try(
    outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("bellhop.outage.time", SimpleNamespace(monotonic=lambda: now))
    assert outage.may_try()
    assert not outage.is_pausing
    outage.failed(GONE)
    now += 4.9
    assert outage.is_pausing
    assert not outage.may_try()
    now += 0.2
    assert not outage.is_pausing
    allowed: list[bool] = []
    threads = [threading.Thread(target=lambda: allowed.append(outage.may_try())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == 1
    outage.worked()
    assert outage.may_try()


def test_each_failure_begins_a_pause(outage: Outage, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("bellhop.outage.time", SimpleNamespace(monotonic=lambda: now))
    outage.failed(GONE)
    now += 6
    assert not outage.is_pausing
    outage.failed(GONE)
    assert outage.is_pausing


def test_evidence_counts_by_when_it_was_asked_for(outage: Outage) -> None:
    with capture_logs() as lines:
        outage.worked(10)
        outage.failed(GONE, 9)
        assert not outage.is_lost
        outage.failed(GONE, 11)
        outage.failed(GONE, 12)
        outage.worked(10)
        assert outage.is_lost
        outage.worked(13)
        outage.worked(14)
    assert [line["event"] for line in lines] == ["thing_lost", "thing_back"]
