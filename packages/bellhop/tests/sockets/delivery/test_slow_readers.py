"""While a reader is behind nothing is sent to it and its cursor stays; afterwards it has everything, once."""

from typing import Any

import pytest

from bellhop.contract import REPLAY_LIMIT, SEND_CHANGES, SEND_NOTIFICATION, user_group
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Visitor, consumers, group_send, read, until


async def test_nothing_is_sent_to_who_is_behind_and_everything_afterwards(
    owner: Visitor, outsider: Visitor
) -> None:
    slow, second_device = await owner.tab(), await owner.tab(key=await owner.second_device())
    foreign = await outsider.tab()
    slow.stop_reading()
    for _ in range(3):
        await owner.ring(*await owner.add())
    await beat.tick()
    assert (await second_device.settle()).seqs == [1, 2, 3]
    assert slow._heard()
    assert slow.seqs == []
    await slow.read_again()
    assert (await slow.settle()).seqs == [1, 2, 3]
    assert (await foreign.settle()).seqs == []


async def test_a_reader_that_falls_behind_in_the_middle_gets_each_once_and_in_order(
    owner: Visitor,
) -> None:
    await owner.add(7)
    tab = await owner.tab("?after=7")
    tab.stop_reading(room=2)
    await owner.add(5)
    await beat.tick()
    await until(lambda: tab._heard() and tab.seqs == [8, 9])
    assert [end.cursor for end in consumers(owner.user)] == [9]
    await tab.read_again(room=1)
    await until(lambda: tab._heard() and tab.seqs == [8, 9, 10])
    await owner.ring(*await owner.add())
    await tab.read_again()
    assert (await tab.settle()).seqs == [8, 9, 10, 11, 12, 13]


async def test_who_never_fell_behind_asks_nothing_when_the_line_is_free(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await owner.tab()

    def no_question(*_: Any) -> Any:
        raise AssertionError("asked")

    monkeypatch.setattr("bellhop.sockets.missed_notifications.missed", no_question)
    await tab.read_again()
    await tab.settle()


async def test_who_comes_and_goes_while_something_else_waits_is_looked_at_once(
    owner: Visitor,
) -> None:
    tab = await owner.tab()
    (end,) = consumers(owner.user)
    async with end._turn:
        for _ in range(5):
            tab.stop_reading()
            await tab.read_again()
        assert len(end._waiting) == 1
    await until(lambda: not end._waiting)
    await tab.read_again()
    assert len(end._waiting) == 1


async def test_changes_are_told_afterwards_and_once(owner: Visitor) -> None:
    await owner.add(2)
    tab = await owner.tab()
    tab.stop_reading()
    await owner.do(read, 1)
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    await owner.do(read, 2)
    await beat.tick()
    await tab.read_again()
    (state,) = (await tab.settle()).of_type("state")
    assert (state["rev"], state["unread"]) == (2, 0)


async def test_an_unsaved_message_and_a_beat_frame_do_not_pile_up(owner: Visitor) -> None:
    tab = await owner.tab()
    (end,) = consumers(owner.user)
    quick = await owner.tab()
    tab.stop_reading()
    await group_send(user_group(owner.user.pk), {"type": SEND_NOTIFICATION, "message": "gone"})
    # Both are asked in one go.
    await until(lambda: quick._heard() and quick.of_type("notification"))
    said = end.last_beat = end.last_beat - 60
    await beat.tick()
    assert end.last_beat == said
    await tab.read_again()
    await tab.settle()
    assert not [frame for frame in tab.frames if frame.get("message") == "gone"]
    assert tab.of_type("beat") == []


async def test_who_was_behind_by_more_than_can_be_replayed_is_told_to_resync(
    owner: Visitor,
) -> None:
    tab = await owner.tab()
    tab.stop_reading()
    await owner.ring(*await owner.add(REPLAY_LIMIT + 1))
    await tab.read_again()
    assert (await tab.settle()).of_type("resync") == [{"type": "resync", "seq": REPLAY_LIMIT + 1}]
    assert tab.seqs == []


async def test_long_notifications_are_read_a_socketful_at_a_time(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"SOCKET_UNSENT_BYTES": 700}
    await owner.add(7)
    tab = await owner.tab("?after=0")
    assert tab.seqs == [1, 2, 3, 4, 5, 6, 7]
