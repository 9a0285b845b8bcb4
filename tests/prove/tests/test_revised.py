"""What is withdrawn, updated or expires: what must be on each screen in the end, and what is excused."""

import pytest
from prove.tests.world import END, START, World


def unread(number: int) -> str:
    return f"{number} unread" if number else "All caught up"


def test_what_was_withdrawn_and_is_on_no_screen_is_as_promised(world: World) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 4)]
    world.withdraw(START + 10, rows[1])
    for tab in ("a1", "a2"):
        world.screen(tab, [rows[0], rows[2]], words=unread(2))
    assert world.counts() == {}


def test_what_was_withdrawn_before_it_was_shown_is_lost_to_nobody(world: World) -> None:
    row = world.save(START + 1, "t1")
    world.show(START + 2, row, "a1")
    world.withdraw(START + 3, row)
    world.screen("a2", [])
    assert world.counts() == {}


def test_a_tab_that_still_lists_what_was_withdrawn_is_found(world: World) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 3)]
    world.withdraw(START + 10, rows[1])
    world.screen("a1", rows)
    world.screen("a2", rows[:1])
    assert world.counts() == {"undead": 1}
    (sentence,) = world.judge().found["undead"].examples
    assert "a1 still lists 't2 for alice'" in sentence


def test_a_row_that_is_stored_though_it_was_withdrawn_is_found(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.withdraw(START + 10, row)
    world.rows.append(row)
    assert world.counts() == {"undead": 1}


@pytest.mark.parametrize("done", [True, False])
def test_what_is_being_withdrawn_just_now_may_be_there_or_not(world: World, done: bool) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 3)]
    world.withdraw(END - 3, rows[1], done=done)
    world.screen("a1", rows)
    world.screen("a2", rows[:1])
    assert world.counts() == {}


def test_an_expired_one_must_be_gone_and_one_that_has_time_left_must_not(world: World) -> None:
    gone = world.save(START + 1, "t1", expires=START + 20)
    stays = world.save(START + 2, "t2", expires=END + 50)
    for row in (gone, stays):
        world.show(START + 3, row, "a1", "a2")
    world.rows.remove(gone)
    world.screen("a1", [stays])
    world.screen("a2", [stays])
    assert world.counts() == {}
    world.screen("a1", [gone, stays])
    assert world.counts() == {"undead": 1}
    world.screen("a1", [])
    assert world.counts() == {"lost": 1}


def test_an_expired_one_that_is_still_stored_is_found(world: World) -> None:
    row = world.save(START + 1, "t1", expires=START + 20)
    world.show(START + 2, row, "a1", "a2")
    assert world.counts() == {"undead": 1}


def test_an_updated_one_says_its_new_words_on_each_screen(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    new = world.update(START + 10, row, "t1+1 for alice")
    world.screen("a1", [new])
    world.screen("a2", [new])
    assert world.counts() == {}
    world.screen("a2", [row])
    assert world.counts() == {"stale": 1}
    (sentence,) = world.judge().found["stale"].examples
    assert "a2 still lists 't1 for alice'" in sentence


def test_the_last_of_several_updates_counts(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    first = world.update(START + 10, row, "t1+1 for alice")
    second = world.update(START + 11, first, "t1+2 for alice")
    world.screen("a1", [second])
    world.screen("a2", [first])
    assert world.counts() == {"stale": 1}


def test_an_update_that_is_not_stored_is_found(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    new = world.update(START + 10, row, "t1+1 for alice")
    world.rows[world.rows.index(new)] = row
    assert world.counts() == {"stale": 1}


@pytest.mark.parametrize("done", [True, False])
def test_an_update_under_way_may_be_seen_or_not(world: World, done: bool) -> None:
    row = world.deliver(START + 1, "t1")
    new = world.update(END - 3, row, "t1+1 for alice", done=done)
    world.screen("a1", [row])
    world.screen("a2", [new if done else row])
    assert world.counts() == {}


def test_a_toast_of_the_new_words_after_one_of_the_old_is_a_second_one(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.update(START + 10, row, "t1+1 for alice")
    world.event(START + 11, "a1", "toast", message="t1+1 for alice")
    assert world.counts() == {"shown_twice": 1}


def test_who_was_away_may_be_shown_the_new_words_as_the_first(world: World) -> None:
    world.disconnect("a2", START + 1)
    row = world.save(START + 2, "t1")
    world.show(START + 2.2, row, "a1")
    new = world.update(START + 10, row, "t1+1 for alice")
    world.connect("a2", START + 12)
    world.show(START + 12.2, new, "a2")
    assert world.counts() == {}


def test_words_of_an_update_that_nobody_made_are_a_phantom(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.screen("a1", [row])
    world.event(START + 11, "a2", "toast", message="t1+9 for alice")
    assert "phantom" in world.counts()


def test_words_of_somebody_elses_update_are_leaked(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.update(START + 10, row, "t1+1 for alice")
    world.event(START + 11, "b1", "toast", message="t1+1 for alice")
    assert world.counts() == {"leaked": 1}


def test_what_somebody_else_had_withdrawn_is_leaked_all_the_same(world: World) -> None:
    row = world.deliver(START + 1, "t1")
    world.withdraw(START + 10, row)
    world.event(START + 3, "b1", "shown", id=row.id, seq=row.seq, message=row.message)
    assert world.counts() == {"leaked": 1}


@pytest.mark.parametrize(
    ("said", "found"), [(1, {"miscounted": 1}), (2, {}), (3, {"miscounted": 1})]
)
def test_a_list_that_counts_what_was_withdrawn_or_too_little_is_found(
    world: World, said: int, found: dict[str, int]
) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 4)]
    world.withdraw(START + 10, rows[1])
    world.screen("a1", [rows[0], rows[2]], words=unread(said))
    assert world.counts() == found


def test_what_comes_and_goes_just_now_may_be_counted_or_not(world: World) -> None:
    rows = [world.deliver(START + n, f"t{n}") for n in range(1, 4)]
    world.record.write(END - 1, "coming", "alice")
    world.withdraw(END - 1, rows[0])
    for said in (2, 3, 4):
        world.screen("a1", rows[1:], words=unread(said))
        assert world.counts() == {}
    world.screen("a1", rows[1:], words=unread(5))
    assert world.counts() == {"miscounted": 1}


def test_rows_that_left_a_rendered_list_leave_room_below_it(world: World) -> None:
    """A page renders fifty; what is withdrawn then is replaced by nothing older."""
    rows = [world.deliver(START + n / 10, f"t{n}") for n in range(1, 61)]
    world.load("a1", START + 20)
    for row in rows[40:45]:
        world.withdraw(START + 30, row)
    world.screen("a1", [*rows[10:40], *rows[45:]])
    assert world.counts() == {}
    world.screen("a1", [*rows[10:20], *rows[21:40], *rows[45:]])
    assert world.counts() == {"lost": 1}
