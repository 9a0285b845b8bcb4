"""Each count rises for what it is named after, alone, and for nothing that is as promised."""

from typing import Any

import pytest
from prove.record import Row
from prove.tests.world import END, START, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_run_in_which_all_was_shown_is_clean_and_its_three_numbers_agree(world: World) -> None:
    rows = [world.deliver(START + 1 + n, f"t{n}") for n in range(5)]
    world.deliver(START + 10, "u1", "bob")
    world.screen("a1", rows)
    verdict = world.judge()
    assert verdict.is_clean
    assert (verdict.accepted, verdict.stored, verdict.shown) == (6, 6, 6)
    assert (verdict.due, verdict.showings) == (11, 11)
    assert verdict.worst == pytest.approx(0.2)
    assert [seconds for _, seconds in verdict.delays] == pytest.approx([0.2] * 11)


def test_what_a_tab_never_showed_is_lost_though_another_tab_did(world: World) -> None:
    world.disconnect("a2", START + 5)
    row = world.save(START + 6, "t1")
    world.show(START + 7, row, "a1")
    assert world.counts() == {"lost": 1}
    verdict = world.judge()
    assert (verdict.stored, verdict.shown, verdict.due, verdict.showings) == (1, 0, 2, 1)
    assert "a2 never showed 't1 for alice' (seq 1) of alice" in verdict.found["lost"].examples[0]


def test_what_the_final_screen_leaves_out_is_lost(world: World) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 4)]
    world.screen("a1", [rows[0], rows[2]])
    assert world.counts() == {"lost": 1}


def test_an_empty_final_screen_has_lost_everything(world: World) -> None:
    for n in range(1, 4):
        world.deliver(START + n, f"t{n}")
    world.screen("a1", [])
    assert world.counts() == {"lost": 3}


def test_a_screen_need_not_list_what_lies_below_a_full_list_or_came_just_now(world: World) -> None:
    rows = [world.deliver(START + n / 10, f"t{n}") for n in range(1, 261)]
    world.deliver(END - 1, "just now")
    world.screen("a1", rows[-200:])
    assert world.counts() == {}


def test_an_accepted_notification_without_a_row_is_not_stored(world: World) -> None:
    world.record.accept(START + 1, "t1", "alice")
    assert world.counts() == {"not_stored": 1}


def test_what_was_tried_and_never_accepted_may_be_stored_or_not(world: World) -> None:
    world.record.write(START + 1, "t1", "alice")
    world.record.write(START + 2, "t2", "alice")
    row = world.store(START + 2, "alice", "t2 for alice", key="t2")
    world.show(START + 3, row, "a1", "a2")
    assert world.counts() == {}


def test_two_rows_of_one_key_are_stored_twice(world: World) -> None:
    world.deliver(START + 1, "t1")
    again = world.store(START + 2, "alice", "t1 again, to tell the toasts apart", key="t1")
    world.show(START + 3, again, "a1", "a2")
    assert world.counts() == {"stored_twice": 1}


def test_one_seq_for_two_rows_of_a_user_is_stored_twice_but_not_for_two_users(world: World) -> None:
    world.deliver(START + 1, "t1")
    world.deliver(START + 2, "u1", "bob")
    second = world.save(START + 3, "t2", seq=1)
    world.show(START + 4, second, "a1", "a2")
    assert world.counts() == {"stored_twice": 1}


def test_a_repeat_after_a_reconnect_is_shown_twice(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.disconnect("a1", START + 5)
    world.connect("a1", START + 6)
    world.event(START + 7, "a1", "shown", id=row.id, seq=row.seq, message=row.message)
    assert world.counts() == {"shown_twice": 1}


def test_a_repeated_toast_is_shown_twice(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.event(START + 7, "a1", "toast", message=row.message)
    assert world.counts() == {"shown_twice": 1}


def test_a_reload_lists_again_but_must_not_announce_again(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.arrive("a1", "alice", START + 10)
    world.deliver(START + 12, "t2")
    assert world.counts() == {}
    world.event(START + 13, "a1", "toast", message=row.message)
    assert world.counts() == {"shown_twice": 1}


def test_what_came_right_before_a_reload_may_be_announced_again(world: World) -> None:
    row = world.deliver(START + 9.7, "t1")
    world.arrive("a1", "alice", START + 10)
    world.show(START + 10.1, row, "a1")
    assert world.counts() == {}


def test_a_reload_must_not_announce_what_another_tab_of_the_device_had_announced(
    world: World,
) -> None:
    world.arrive("c1", "carol", START, device="phone")
    row = world.deliver(START + 1, "t1", "carol", "c1")
    world.arrive("c2", "carol", START + 10, device="phone")
    assert world.counts() == {}
    world.show(START + 11, row, "c2")
    assert world.counts() == {"shown_twice": 1}


@pytest.mark.parametrize("device", ["phone", "laptop"])
def test_a_reload_owes_none_that_its_device_had_announced_but_all_others(
    world: World, device: str
) -> None:
    world.arrive("c1", "carol", START, device="phone")
    world.arrive("c2", "carol", START, device=device)
    world.disconnect("c2", START + 1)
    for n in range(60):
        world.deliver(START + 2 + n / 10, f"t{n}", "carol", "c1")
    world.arrive("c2", "carol", START + 10)
    assert world.counts() == ({} if device == "phone" else {"lost": 10, "deaf": 10})


@pytest.mark.parametrize("event", ["frame", "toast", "screen", "loaded"])
def test_anothers_message_is_leaked_however_it_came(world: World, event: str) -> None:
    world.deliver(START + 1, "t1")
    message = "t1 for alice"
    rows = [{"id": "id-0", "seq": 1, "read": False, "message": message}]
    fields: dict[str, dict[str, Any]] = {
        "frame": {"type": "notification", "message": message},
        "toast": {"message": message},
        "screen": {"rows": rows},
        "loaded": {"since": 0, "seq": 0, "rows": rows},
    }
    world.event(START + 2, "b1", event, **fields[event])
    assert world.counts() == {"leaked": 1}


def test_anothers_id_is_leaked_whatever_its_text(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.event(START + 2, "b1", "shown", id=row.id, seq=1, message="hello")
    assert world.counts() == {"leaked": 1}


def test_anothers_login_message_is_leaked(world: World) -> None:
    row = world.store(START + 1, "alice", "Welcome back, alice", kind="login")
    world.show(START + 2, row, "a1", "a2")
    world.event(START + 2, "b1", "frame", type="notification", message=row.message)
    assert world.counts() == {"leaked": 1}


def test_what_is_shown_without_a_row_is_a_phantom(world: World) -> None:
    world.event(START + 1, "a1", "shown", id="x", seq=1, message="from nowhere")
    assert world.counts() == {"phantom": 1}


def test_a_token_that_nobody_wrote_is_a_phantom_even_with_a_row(world: World) -> None:
    row = world.store(START + 1, "alice", "t9 for alice")
    world.event(START + 2, "a1", "shown", id=row.id, seq=1, message=row.message)
    world.event(START + 2, "a2", "shown", id=row.id, seq=1, message=row.message)
    assert world.judge().found["phantom"].count == 2


def test_a_toast_of_a_token_that_nobody_wrote_is_a_phantom(world: World) -> None:
    world.event(START + 1, "a1", "toast", message="t9 for alice")
    world.event(START + 1, "a1", "toast", message="3 more notifications")
    world.event(START + 1, "a1", "toast", message="The server is away for now")
    assert world.counts() == {"phantom": 1}


def test_an_unsaved_message_may_be_shown_to_whom_it_was_sent_only(world: World) -> None:
    world.record.send_unsaved(START + 1, "hi", "alice")
    world.event(START + 2, "a1", "shown", id=None, seq=None, message="hi")
    world.event(START + 3, "a1", "shown", id=None, seq=None, message="hi")
    assert world.counts() == {}
    world.event(START + 2, "b1", "shown", id=None, seq=None, message="hi")
    assert world.counts() == {"leaked": 1}


def test_an_unsaved_message_that_nobody_sent_is_a_phantom(world: World) -> None:
    world.event(START + 2, "a1", "shown", id=None, seq=None, message="hi")
    assert world.counts() == {"phantom": 1}


def test_an_earlier_one_after_a_later_one_is_out_of_order(world: World) -> None:
    first, second = world.save(START + 1, "t1"), world.save(START + 1, "t2")
    world.show(START + 2, first, "a1")
    world.show(START + 3, second, "a1", "a2")
    world.show(START + 4, first, "a2")
    assert world.counts() == {"out_of_order": 1}


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
