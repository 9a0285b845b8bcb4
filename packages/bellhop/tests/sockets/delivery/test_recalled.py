"""What is withdrawn, or says something else, on every screen: open, second, offline, slow, and without Redis."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from rows import waiting

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES, REPLAY_LIMIT, SEND_CHANGES, CloseCode, user_group
from bellhop.models import Inbox, Notification
from bellhop.recall import update, withdraw
from bellhop.ring import publish_thread
from bellhop.sockets import changes_since
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Socket, Visitor, add, change, consumers, event, group_send, read, until


@pytest.fixture(autouse=True)
def ring_directly(settings: Any) -> Iterator[None]:
    """As in most projects: a thread of this process publishes."""
    settings.BELLHOP = settings.BELLHOP | {"RING": "direct"}
    yield
    waiting.until(publish_thread.flush)


def say(user: User, row: Notification, message: str) -> int:
    return update(row, recipient=user, message=message)


def take_back(user: User, row: Notification) -> int:
    return withdraw(row, recipient=user)


def stored(user: User, seq: int) -> Notification:
    return Notification.objects.get(recipient=user, seq=seq)


async def told(tab: Socket, count: int = 1) -> list[dict[str, Any]]:
    """Return the `state` frames as soon as there are so many."""
    await until(lambda: tab._heard() and len(tab.of_type("state")) >= count)
    return tab.of_type("state")


async def test_what_is_withdrawn_goes_from_all_of_its_owners_screens_and_from_nobody_elses(
    owner: Visitor, outsider: Visitor
) -> None:
    first, second = await owner.add(2)
    tab, other_tab = await owner.tab("?after=0"), await owner.tab("?after=2")
    device, foreign = await owner.tab(key=await owner.second_device()), await outsider.tab()
    assert await outsider.do(take_back, first) == 0
    assert await owner.do(take_back, first) == 1
    for each in (tab, other_tab, device):
        (state,) = await told(each)
        assert (state["removed"], state["updated"]) == ([str(first.pk)], [])
        assert (state["seq"], state["rev"], state["since"], state["unread"]) == (2, 1, 0, 1)
    assert (await foreign.settle()).of_type("state") == []
    assert await outsider.do(lambda _: Notification.objects.get().pk) == second.pk


async def test_what_says_something_else_is_told_as_a_whole_and_never_as_a_new_one(
    owner: Visitor, outsider: Visitor
) -> None:
    first, _ = await owner.add(2)
    tab, device = await owner.tab("?after=0"), await owner.tab(key=await owner.second_device())
    foreign = await outsider.tab()
    assert await outsider.do(say, first, "not mine") == 0
    assert await owner.do(say, first, "in other words") == 1
    for each in (tab, device):
        (state,) = await told(each)
        now = await owner.do(stored, 1)
        assert state["updated"] == [frame_from_row.frame(now)]
        assert state["updated"][0]["message"] == "in other words"
        assert (state["unread_ids"], state["removed"]) == ([str(first.pk)], [])
        assert (state["unread"], state["since"], state["rev"]) == (2, 0, 1)
    assert (await tab.settle()).seqs == [1, 2]
    assert (await device.settle()).seqs == []
    assert (await foreign.settle()).of_type("state") == []
    await owner.do(read, 2)
    await beat.tick()
    assert [state["updated"] for state in (await tab.settle()).of_type("state")][1:] == [[]]


async def test_without_redis_the_next_beat_tells_it(owner: Visitor, settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "off"}
    first, second = await owner.add(2)
    tab = await owner.tab("?after=2")
    await owner.do(say, first, "in other words")
    await owner.do(take_back, second)
    assert (await tab.settle()).of_type("state") == []
    await beat.tick()
    (state,) = await told(tab)
    assert state["removed"] == [str(second.pk)]
    assert [frame["message"] for frame in state["updated"]] == ["in other words"]


# A device that was offline says with `rev` what it knows.


async def test_a_device_that_comes_back_is_told_what_changed_after_what_it_missed(
    owner: Visitor,
) -> None:
    first, second, third = await owner.add(3)
    await owner.do(read, 3)
    await owner.do(say, first, "in other words")
    await owner.do(take_back, second)
    await owner.add()
    tab = await owner.tab("?after=3&rev=1")
    assert [frame["type"] for frame in tab.frames] == ["ready", "notification", "state"]
    assert tab.seqs == [4]
    (state,) = tab.of_type("state")
    assert (state["since"], state["rev"], state["seq"]) == (1, 3, 4)
    assert [frame["message"] for frame in state["updated"]] == ["in other words"]
    assert state["removed"] == [str(second.pk)]
    assert str(third.pk) not in state["read"]
    await owner.do(read, 1)
    await beat.tick()
    assert [frame["since"] for frame in await told(tab, 2)] == [1, 3]


@pytest.mark.parametrize("query", ["", "?after=2", "?rev=1", "?after=2&rev=1", "?rev=7"])
async def test_who_knows_all_or_says_nothing_or_more_than_there_is_is_told_nothing(
    owner: Visitor, query: str
) -> None:
    await owner.add(2)
    await owner.do(read, 1)
    tab = await owner.tab(query)
    assert tab.of_type("state") == []
    await owner.do(read, 2)
    await beat.tick()
    assert [(state["since"], state["rev"]) for state in await told(tab)] == [(1, 2)]


@pytest.mark.parametrize(
    "query",
    ["?rev=", "?rev=x", "?rev=-1", "?rev=1.5", "?rev=1&rev=1", f"?rev={2**63}", "?after=0&rev=%00"],
)
async def test_a_rev_that_is_none_is_refused_as_after_is(owner: Visitor, query: str) -> None:
    assert (await owner.knock(query)).closed_with == CloseCode.BAD_FRAME


async def test_who_was_away_for_more_than_200_changes_is_told_to_reload(owner: Visitor) -> None:
    await owner.add(REPLAY_LIMIT + 1)
    for seq in range(1, REPLAY_LIMIT + 2):
        await owner.do(change, seq, read_at=timezone.now())
    tab = await owner.tab(f"?after={REPLAY_LIMIT + 1}&rev=0")
    (state,) = tab.of_type("state")
    assert (state["reload"], state["rev"]) == (True, REPLAY_LIMIT + 1)
    assert not {"read", "unread_ids", "archived", "removed", "updated"} & set(state)
    (state,) = (await owner.tab(f"?after={REPLAY_LIMIT + 1}&rev=1")).of_type("state")
    assert len(state["read"]) == REPLAY_LIMIT


@pytest.mark.parametrize("filling", ["x", "\x01", "é"])
async def test_new_words_that_are_more_than_a_socket_takes_at_a_time_say_reload(
    owner: Visitor, settings: Any, filling: str
) -> None:
    """As they go over the wire: a character may take six bytes there."""
    rows = await owner.add(4)
    length = FRAME_BYTES // 2 // len(json.dumps(filling, ensure_ascii=False)[1:-1].encode())
    for row in rows[:3]:
        await owner.do(lambda _, row: update(row, body=filling * length), row)
    settings.BELLHOP = settings.BELLHOP | {"SOCKET_UNSENT_BYTES": 4 * FRAME_BYTES // 2}
    (state,) = (await owner.tab("?after=4&rev=0")).of_type("state")
    assert len(state["updated"]) == 3
    await owner.do(lambda _: update(rows[3], body=filling * length))
    (state,) = (await owner.tab("?after=4&rev=0")).of_type("state")
    assert (state["reload"], "updated" in state) == (True, False)
    (state,) = (await owner.tab("?after=4&rev=3")).of_type("state")
    assert len(state["updated"]) == 1


def lengthen(user: User, seq: int) -> None:
    """As SQL past notify() may."""
    change(user, seq, body="x" * 10_000_000)
    Notification.objects.filter(recipient=user, seq=seq).update(updated_rev=1)


async def test_ten_megabytes_past_the_gate_are_not_even_read(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.add()
    await owner.do(lengthen, 1)
    monkeypatch.setattr(changes_since, "_notification", lambda row: pytest.fail("read"))
    (state,) = (await owner.tab("?after=1&rev=0")).of_type("state")
    assert state["reload"] is True


# The cursor rule: a state frame never speaks of what was not sent.


async def test_a_ring_with_the_old_words_that_comes_after_the_new_ones_is_dropped(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "off"}
    await owner.add()
    tab = await owner.tab("?after=1")
    (row,) = await owner.add()
    late = event(row)
    await owner.do(say, row, "new words")
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    await group_send(user_group(owner.user.pk), late)
    await tab.settle()
    assert [frame["type"] for frame in tab.frames] == ["ready", "notification", "state"]
    assert [frame["message"] for frame in tab.of_type("notification")] == ["new words"]
    assert [frame["message"] for frame in tab.of_type("state")[0]["updated"]] == ["new words"]
    await owner.ring(*await owner.add())
    assert (await tab.settle()).seqs == [2, 3]


async def test_a_ring_of_what_was_withdrawn_before_it_came_is_dropped(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "off"}
    tab = await owner.tab()
    (row,) = await owner.add()
    late = event(row)
    await owner.do(take_back, row)
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    await group_send(user_group(owner.user.pk), late)
    assert (await tab.settle()).seqs == []
    assert tab.of_type("state")[0]["removed"] == [str(row.pk)]


async def test_a_ring_that_comes_before_is_corrected(owner: Visitor, settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "off"}
    tab = await owner.tab()
    (row,) = await owner.add()
    late = event(row)
    await owner.do(say, row, "new words")
    await group_send(user_group(owner.user.pk), late)
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    await tab.settle()
    assert [frame["message"] for frame in tab.of_type("notification")] == ["number 1"]
    assert [frame["message"] for frame in tab.of_type("state")[0]["updated"]] == ["new words"]


def save_unnumbered_and_changed(user: User) -> None:
    with transaction.atomic():
        inbox = Inbox.locked(user.pk)
        inbox.rev += 1
        inbox.save()
        Notification.objects.create(
            recipient=user, message="x", rev=inbox.rev, updated_rev=inbox.rev
        )


async def test_what_waits_for_its_number_is_told_of_by_nothing_but_its_id(owner: Visitor) -> None:
    tab = await owner.tab()
    await owner.do(save_unnumbered_and_changed)
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    (state,) = await told(tab)
    assert (state["updated"], state["seq"], state["unread"]) == ([], 0, 0)


# A reader that is behind.


async def test_a_slow_reader_is_told_the_last_words_once(owner: Visitor, outsider: Visitor) -> None:
    (row,) = await owner.add()
    slow, quick = await owner.tab("?after=1"), await owner.tab("?after=1")
    slow.stop_reading()
    for words in ("one", "two", "three"):
        await owner.do(say, row, words)
    await until(lambda: quick._heard() and quick.of_type("state")[-1:])
    await beat.tick()
    assert slow._heard()
    assert slow.of_type("state") == []
    await slow.read_again()
    (state,) = await told(slow)
    assert [frame["message"] for frame in state["updated"]] == ["three"]
    assert (state["since"], state["rev"]) == (0, 3)


async def test_who_falls_behind_before_the_state_gets_it_when_the_line_is_free(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RING": "off"}
    (row,) = await owner.add()
    tab = await owner.tab("?after=1")
    await owner.add(2)
    await owner.do(say, row, "new words")
    tab.stop_reading(room=1)
    await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": 1})
    await until(lambda: tab._heard() and tab.seqs == [2])
    (end,) = consumers(owner.user)
    await until(lambda: not end._waiting)
    assert (end.rev, end.cursor) == (0, 2)
    await tab.read_again()
    (state,) = await told(tab)
    assert [frame["type"] for frame in tab.frames[1:]] == ["notification", "notification", "state"]
    assert (state["since"], state["rev"], state["seq"]) == (0, 1, 3)


async def test_who_is_behind_before_the_catch_up_is_over_is_told_later(owner: Visitor) -> None:
    (row,) = await owner.add()
    await owner.do(say, row, "new words")
    await owner.add(3)
    socket = Socket(owner.key, query="?after=1&rev=0", group=user_group(owner.user.pk))
    owner.sockets.append(socket)
    socket.stop_reading(room=2)
    await socket.connect()
    await until(lambda: socket._heard() and socket.seqs == [2])
    assert socket.of_type("state") == []
    await socket.read_again()
    (state,) = await told(socket)
    assert socket.seqs == [2, 3, 4]
    assert [frame["message"] for frame in state["updated"]] == ["new words"]


def add_and_say(user: User) -> Notification:
    (row,) = add(user)
    say(user, row, "new words")
    return row


async def test_a_state_counts_nothing_that_was_not_sent_whatever_is_rung(owner: Visitor) -> None:
    tab = await owner.tab()
    for _ in range(10):
        await owner.do(add_and_say)
    await until(
        lambda: tab._heard() and tab.of_type("state") and tab.of_type("state")[-1]["rev"] == 10
    )
    seen = 0
    for frame in tab.frames:
        if frame["type"] == "notification":
            assert frame["seq"] == seen + 1
            seen = frame["seq"]
        elif frame["type"] == "state":
            assert frame["seq"] <= seen
