"""What a tab must show depends on sockets, sessions, loads and windows: nothing too early, nothing for ever."""

import pytest
from prove.oracle.record import Row
from prove.tests.world import END, START, World


def late(world: World, seconds: float) -> Row:
    row = world.save(START + 1, "t1")
    world.show(START + 1 + seconds, row, "a1")
    world.show(START + 2, row, "a2")
    return row


def test_an_open_socket_that_shows_nothing_is_deaf_after_the_bound_not_before(world: World) -> None:
    late(world, 14.9)
    assert world.counts() == {}


def test_an_open_socket_that_shows_too_late_is_deaf(world: World) -> None:
    late(world, 15.1)
    assert world.counts() == {"deaf": 1}


def test_a_socket_that_was_away_is_not_deaf_however_late_it_shows(world: World) -> None:
    world.disconnect("a1", START + 10)
    world.connect("a1", START + 50)
    late(world, 60)
    assert world.counts() == {}
    assert world.judge().worst == pytest.approx(60)


def test_an_open_socket_that_never_shows_is_both_deaf_and_lost(world: World) -> None:
    world.show(START + 2, world.save(START + 1, "t1"), "a1")
    assert world.counts() == {"lost": 1, "deaf": 1}


def test_a_frame_long_after_the_session_ended_is_a_ghost(world: World) -> None:
    world.record.end_session(START + 10, "a1")
    world.event(START + 14.9, "a1", "frame", type="beat", seq=0)
    assert world.counts() == {}
    world.event(START + 15.1, "a1", "frame", type="beat", seq=0)
    assert world.counts() == {"ghost": 1}


def test_a_page_for_an_ended_session_is_a_ghost_without_a_new_login(world: World) -> None:
    world.record.end_session(START + 10, "a1")
    world.load("a1", START + 20)
    assert world.counts() == {"ghost": 1}


def test_after_a_new_login_the_tab_owes_again_from_its_new_page_on(world: World) -> None:
    world.record.end_session(START + 10, "a1")
    world.disconnect("a1", START + 10, 4401)
    world.deliver(START + 15, "t1", "alice", "a2")
    world.record.login(START + 20, "alice", "a1")
    login = world.store(START + 19.9, "alice", "Welcome back, alice", kind="login")
    world.show(START + 20.1, login, "a2")
    world.arrive("a1", "alice", START + 21)
    assert world.counts() == {}
    assert world.judge().due == 2
    world.show(START + 31, world.save(START + 30, "t2"), "a2")
    assert world.counts() == {"lost": 1, "deaf": 1}


@pytest.mark.parametrize("end", ["end_session", "close_tab"])
def test_nothing_is_owed_after_the_end_nor_what_came_right_before(world: World, end: str) -> None:
    world.show(START + 9.5, world.save(START + 9, "t1"), "a2")
    getattr(world.record, end)(START + 10, "a1")
    world.disconnect("a1", START + 10)
    world.deliver(START + 20, "t2", "alice", "a2")
    assert world.counts() == {}


def test_what_an_open_tab_had_time_for_before_its_session_ended_is_lost(world: World) -> None:
    world.show(START + 2, world.save(START + 1, "t1"), "a2")
    world.record.end_session(START + 30, "a1")
    assert world.counts() == {"lost": 1, "deaf": 1}


def test_a_tab_that_opens_later_owes_nothing_that_was_before(world: World) -> None:
    for n in range(60):
        world.deliver(START + n / 10, f"t{n}")
    world.arrive("a3", "alice", START + 10)
    assert world.counts() == {}
    assert world.judge().due == 120


def many_missed(world: World, more: bool) -> None:
    """a1 is away for 260 notifications; it announces the newest 50 of them."""
    world.disconnect("a1", START + 1)
    rows = [world.deliver(START + 2 + n / 20, f"t{n}", "alice", "a2") for n in range(260)]
    world.connect("a1", START + 30)
    world.event(START + 30, "a1", "frame", type="resync", seq=260)
    if more:
        world.event(START + 30.1, "a1", "more")
        for row in rows[-50:]:
            world.show(START + 30.2, row, "a1")
    world.screen("a1", rows[-50:])


def test_a_resync_shows_all_that_was_missed(world: World) -> None:
    many_missed(world, more=True)
    assert world.counts() == {}


def test_a_resync_upon_which_the_page_does_nothing_shows_nothing(world: World) -> None:
    many_missed(world, more=False)
    assert world.counts() == {"lost": 260, "deaf": 260}
    assert len(world.judge().found["lost"].examples) == 20


def test_a_resync_does_not_excuse_what_was_passed_over_before(world: World) -> None:
    first, second = world.save(START + 1, "t1"), world.save(START + 1, "t2")
    world.show(START + 2, first, "a2")
    world.show(START + 3, second, "a1", "a2")
    world.event(START + 4, "a1", "frame", type="resync", seq=2)
    world.event(START + 4, "a1", "more")
    assert world.counts() == {"lost": 1, "deaf": 1}


def test_a_login_without_a_row_is_not_stored_and_one_row_does_not_serve_two(world: World) -> None:
    row = world.store(START + 1, "bob", "Welcome back, bob", kind="login")
    world.show(START + 2, row, "b1")
    world.record.login(START + 1.1, "bob", "b1")
    assert world.counts() == {}
    assert world.judge().accepted == 1
    world.record.login(START + 1.2, "bob", "b2")
    assert world.counts() == {"not_stored": 1}


def test_a_login_that_was_never_answered_is_stored_and_not_accepted(world: World) -> None:
    world.show(START + 2, world.store(START + 1, "bob", "Welcome back, bob", kind="login"), "b1")
    verdict = world.judge()
    assert verdict.is_clean
    assert (verdict.accepted, verdict.stored, verdict.shown) == (0, 1, 1)


def test_windows_share_out_what_happened_and_none_counts_anothers(world: World) -> None:
    world.deliver(START + 1, "t1")
    world.record.accept(START + 60, "t2", "alice")
    world.disconnect("a1", START + 70, 1012)
    first, second = world.judge(START, START + 50), world.judge(START + 50, END)
    assert first.is_clean
    assert (first.accepted, first.close_codes) == (1, {})
    assert second.found["not_stored"].count == 1
    assert (second.accepted, second.stored, second.close_codes) == (1, 0, {1012: 1})


def test_a_socket_whose_opening_is_told_after_its_ready_is_open_all_the_same(world: World) -> None:
    world.event(START + 5, "a1", "frame", type="ready", seq=0, socket=2)
    world.event(START + 5, "a1", "socket", what="open", socket=2)
    row = world.save(START + 10, "late")
    world.show(START + 40, row, "a1", "a2")
    assert world.judge().found["deaf"].count == 2


def test_the_late_goodbye_of_an_earlier_socket_closes_nothing(world: World) -> None:
    world.event(START + 5, "a1", "state", state="waiting")
    world.event(START + 6, "a1", "frame", type="ready", seq=0, socket=2)
    world.event(START + 7, "a1", "socket", what="close", code=1006, socket=1)
    row = world.save(START + 10, "late")
    world.show(START + 40, row, "a1", "a2")
    assert world.judge().found["deaf"].count == 2
