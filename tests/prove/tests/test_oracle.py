"""Each count rises for what it is named after, alone, and for nothing that is as promised."""

from typing import Any

import pytest
from prove.tests.world import END, START, World


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


def test_a_page_that_was_loaded_at_the_end_need_not_list_more_than_it_renders(world: World) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 61)]
    rows += [world.deliver(END - 2, f"late{n}") for n in range(3)]
    world.load("a1", END - 1)
    world.screen("a1", rows[-50:])
    assert world.counts() == {}
    world.screen("a1", rows[-49:])
    assert world.counts() == {"lost": 1}


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
    assert world.counts() == {"shown_twice": 2}


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


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_page_rendered_right_before_its_device_announced_one_owes_it_to_its_list_alone(
    world: World, is_listed: bool
) -> None:
    world.arrive("c1", "carol", START, device="phone")
    rows = [world.deliver(START + n, f"t{n}", "carol", "c1") for n in (1, 2)]
    world.record.open_tab("c2", "carol", "phone")
    world.event(START + 2.5, "c2", "loaded", seq=1, rows=world.listing(rows[:1]))
    world.event(START + 2.5, "c2", "began", since=0)
    world.connect("c2", START + 2.6)
    world.screen("c2", rows if is_listed else rows[:1])
    assert world.counts() == ({} if is_listed else {"lost": 1})


@pytest.mark.parametrize("event", ["frame", "toast", "screen", "loaded"])
def test_anothers_message_is_leaked_however_it_came(world: World, event: str) -> None:
    world.deliver(START + 1, "t1")
    message = "t1 for alice"
    rows = [{"id": "id-0", "seq": 1, "read": False, "message": message}]
    fields: dict[str, dict[str, Any]] = {
        "frame": {"type": "notification", "message": message},
        "toast": {"message": message},
        "screen": {"rows": rows},
        "loaded": {"seq": 0, "rows": rows},
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


def test_what_is_noted_while_a_record_is_judged_is_not_in_it(world: World) -> None:
    row = world.save(START + 1, "t1")
    known = world.record.as_it_stands()
    assert known == world.record
    world.save(START + 2, "t2")
    world.event(START + 2, "a1", "shown", id=row.id, seq=row.seq, message=row.message)
    world.record.open_tab("d1", "dora")
    assert (
        [sent.token for sent in known.written] == [sent.token for sent in known.accepted] == ["t1"]
    )
    assert [event.event for event in known.events["a1"]] == [
        "loaded",
        "began",
        "socket",
        "frame",
        "state",
    ]
    assert "d1" not in known.tabs
