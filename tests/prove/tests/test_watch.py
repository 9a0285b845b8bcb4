"""The watch tells which tabs are live, how others were closed, which rows came late, whether all is shown."""

from typing import Any

import pytest
from prove.oracle.record import Row
from prove.watch import Watch


@pytest.fixture
def watch() -> Watch:
    return Watch()


def hear(watch: Watch, t: float, event: str, tab: str = "a", **fields: Any) -> None:
    watch.hear({"t": t, "tab": tab, "event": event, **fields})


def ready(watch: Watch, t: float, socket: int, tab: str = "a") -> None:
    hear(watch, t, "frame", tab, type="ready", socket=socket)


def close(watch: Watch, t: float, socket: int, code: int = 1012, tab: str = "a") -> None:
    hear(watch, t, "socket", tab, what="close", code=code, socket=socket)


def test_a_tab_is_live_from_ready_to_close_and_counts_as_one_close(watch: Watch) -> None:
    hear(watch, 1, "socket", what="open", socket=1)
    assert not watch.open
    ready(watch, 2, 1)
    assert watch.open == {"a"}
    close(watch, 3, 1)
    assert not watch.open
    assert watch.close_codes(0) == [1012]
    assert watch.closed_at("a", 1012, 0) == 3
    assert watch.closed_at("a", 1012, 4) is watch.closed_at("a", 4401, 0) is None


def test_a_refused_handshake_is_no_close_of_a_live_socket(watch: Watch) -> None:
    hear(watch, 1, "socket", what="open", socket=1)
    close(watch, 2, 1, 4503)
    assert watch.close_codes(0) == []


def test_a_socket_that_was_given_up_says_goodbye_late_and_closes_nothing(watch: Watch) -> None:
    ready(watch, 1, 1)
    ready(watch, 2, 2)
    close(watch, 3, 1, 1006)
    assert watch.open == {"a"}
    assert watch.close_codes(0) == []


def test_who_was_signed_out_is_not_live(watch: Watch) -> None:
    ready(watch, 1, 1)
    hear(watch, 2, "signed-out")
    assert (watch.open, watch.signed_out) == (set(), {"a"})


def test_late_is_what_some_tab_showed_long_after_its_acceptance(watch: Watch) -> None:
    watch.accepted = {"early": 5.0, "fast": 10.0, "slow": 11.0}
    for t, token in ((10.2, "fast"), (13.0, "slow"), (14.0, "early")):
        hear(watch, t, "shown", id=token, seq=1, message=f"{token} for alice")
    assert watch.late_since(10, 1.5) == [11.0]


def test_all_is_shown_when_every_tab_of_the_user_has_every_row_of_the_window(watch: Watch) -> None:
    rows = [Row(str(n), "alice", n, "message", "", None, float(n)) for n in (1, 2, 3)]
    tabs = {"alice": ["a", "b"]}
    hear(watch, 1, "loaded", rows=[{"id": "1"}])
    for tab in ("a", "b"):
        hear(watch, 2, "shown", tab, id="2", seq=2, message="")
    assert watch.shows_all(rows, tabs, 2, 3)
    assert not watch.shows_all(rows, tabs, 1, 3)
    assert not watch.shows_all(rows, tabs, 2, 4)
