"""Tabs of one device share a socket and the screen: one of them toasts, all of them list."""

from prove.oracle.record import Row
from prove.tests.world import START, World


def _phone(world: World, *, shared: bool = True) -> None:
    """Carol has two tabs on her phone; the second has no socket of its own."""
    world.arrive("c1", "carol", START, device="phone")
    world.record.open_tab("c2", "carol", "phone" if shared else "laptop")
    world.load("c2", START)
    world.event(START, "c2", "state", state="open")


def _hear(world: World, row: Row, *tabs: str, toast: str | None) -> None:
    for tab in tabs:
        world.event(START + 2, tab, "shown", id=row.id, seq=row.seq, message=row.message)
    if toast is not None:
        world.event(START + 2, toast, "toast", message=row.message)


def test_one_of_the_tabs_toasts_it_and_all_have_it(world: World) -> None:
    _phone(world)
    row = world.save(START + 1, "t1", "carol")
    _hear(world, row, "c1", "c2", toast="c2")
    for tab in ("c1", "c2"):
        world.screen(tab, [row])
    assert world.counts() == {}


def test_two_tabs_of_a_device_must_not_toast_the_same_and_two_devices_may(world: World) -> None:
    for shared, counts in ((True, {"shown_twice": 1}), (False, {})):
        world = World()
        _phone(world, shared=shared)
        row = world.save(START + 1, "t1", "carol")
        _hear(world, row, "c1", "c2", toast="c1")
        world.event(START + 9, "c2", "toast", message=row.message)
        assert world.counts() == counts


def test_what_no_tab_of_a_device_toasted_is_lost_though_all_have_it(world: World) -> None:
    _phone(world)
    row = world.save(START + 1, "t1", "carol")
    _hear(world, row, "c1", "c2", toast=None)
    assert world.counts() == {"lost": 1}


def test_what_was_summed_up_or_belonged_to_a_page_that_went_was_not_lost(world: World) -> None:
    for event in ("more", "closed"):
        world = World()
        _phone(world)
        row = world.save(START + 1, "t1", "carol")
        _hear(world, row, "c1", "c2", toast=None)
        world.event(START + 2.2, "c2", event)
        assert world.counts() == {}


def test_a_tab_without_a_socket_of_its_own_has_to_show_what_comes_all_the_same(
    world: World,
) -> None:
    _phone(world)
    row = world.save(START + 1, "t1", "carol")
    _hear(world, row, "c1", toast="c1")
    assert world.counts() == {"deaf": 1, "lost": 1}


def test_only_sockets_are_counted_as_such(world: World) -> None:
    before = len(world.judge().sockets)
    world = World()
    _phone(world)
    assert len(world.judge().sockets) == before + 1


def test_a_device_that_nobody_looks_at_owes_no_toast_and_must_show_none(world: World) -> None:
    for toast, counts in ((None, {}), ("c1", {"phantom": 1})):
        world = World()
        world.record.open_tab("c1", "carol", in_background=True)
        world.arrive("c1", "carol", START)
        row = world.save(START + 1, "t1", "carol")
        _hear(world, row, "c1", toast=toast)
        world.screen("c1", [row])
        assert world.counts() == counts
