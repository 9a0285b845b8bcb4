"""Places for sockets: how many there are, who has one, and that leaving costs the same however many there are."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from bellhop.sockets.open_sockets import Registry, registry
from sockets.support import Visitor, until


def a_socket(user_id: int) -> Any:
    return BareSocket(user_id)


class BareSocket:
    def __init__(self, user_id: int) -> None:
        self.login = SimpleNamespace(user_id=user_id)


def test_each_user_is_counted_and_forgotten_with_the_last_socket() -> None:
    places = Registry(10)
    first, second, other = a_socket(1), a_socket(1), a_socket(2)
    for socket in (first, second, other):
        assert places.enter(socket)
        places.add(socket)
        places.add(socket)
    assert (places.count(1), places.count(2), places.count(3)) == (2, 1, 0)
    places.leave(first)
    places.leave(first)
    assert (places.count(1), places.count(2), places.places_taken) == (1, 1, 2)
    places.leave(second)
    assert places.sockets == {other}
    assert places._per_user == {2: 1}


def test_a_handshake_takes_a_place_and_gives_it_back_though_nobody_knows_whose_it_was() -> None:
    places = Registry(2)
    stranger, owner = object(), a_socket(1)
    assert places.enter(stranger)
    assert places.enter(owner)
    assert not places.enter(object())
    places.leave(stranger)
    assert places.enter(object())


def leaving_takes(users: int) -> float:
    places = Registry(users)
    sockets = [a_socket(user_id) for user_id in range(users)]
    for socket in sockets:
        places.add(socket)
    # Without what other programs take of the processor meanwhile.
    started = time.thread_time()
    for socket in sockets[:100]:
        places.leave(socket)
    return time.thread_time() - started


def test_a_socket_of_twenty_thousand_leaves_as_fast_as_one_of_two_hundred() -> None:
    few, many = (min(leaving_takes(users) for _ in range(5)) for users in (200, 20_000))
    # Counting through all users took a hundred times as long.
    assert many < 10 * few


def test_a_full_process_says_so_once_until_there_was_room_again() -> None:
    places = Registry(20)
    sockets = [object() for _ in range(20)]
    with capture_logs() as lines:
        # One more than there are places, again and again.
        taken = [places.enter(socket) for socket in (*sockets, object(), object(), object())]
        assert taken == [True] * 20 + [False] * 3
        assert [line["event"] for line in lines] == ["sockets_full"]
        for socket in sockets[:5]:
            places.leave(socket)
        for socket in (*sockets[:5], object(), object()):
            places.enter(socket)
        assert [line["event"] for line in lines] == ["sockets_full"] * 2


@pytest.fixture
def two_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "most", 2)


@pytest.mark.usefixtures("two_places")
@pytest.mark.parametrize("limits", [True, False])
async def test_who_finds_no_place_is_accepted_and_closed_with_4503_and_others_stay(
    owner: Visitor, outsider: Visitor, settings: Any, limits: bool
) -> None:
    # Against running out of memory: load tests have it as well.
    settings.BELLHOP = settings.BELLHOP | {"RATE_LIMITS": limits}
    first, foreign = await owner.tab(), await outsider.tab()
    refused = await owner.knock()
    assert (refused.accepted, refused.closed_with, refused.frames) == (True, 4503, [])
    await owner.ring(*await owner.add())
    assert (await first.settle()).seqs == [1]
    assert (await foreign.settle()).closed_with is None
    await foreign.leave()
    again = await owner.tab()
    assert again.seqs == []


@pytest.mark.usefixtures("two_places")
async def test_handshakes_under_way_and_strangers_who_have_not_gone_yet_are_counted(
    owner: Visitor, outsider: Visitor
) -> None:
    stranger = await owner.knock(key="a" * 32)
    assert stranger.closed_with == 4401
    await owner.tab()
    assert (await outsider.knock()).closed_with == 4503
    await stranger.leave()
    await until(lambda: registry.places_taken == 1)
    assert (await outsider.tab()).closed_with is None


@pytest.mark.usefixtures("two_places")
async def test_who_is_refused_for_want_of_a_place_asks_the_database_nothing(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await owner.tab()

    def no_question(*_: Any) -> Any:
        raise AssertionError("asked")

    monkeypatch.setattr("bellhop.sessions.cookie_to_user.read_logins", no_question)
    assert (await owner.knock()).closed_with == 4503
