"""The cursor rule, and who is let in: the whole ASGI application on the real database and the real layer."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bellhop.contract import REPLAY_LIMIT, SEND_CHANGES, SEND_NOTIFICATION, user_group
from bellhop.models import Notification
from bellhop.sockets import check_client_frames, missed_notifications
from bellhop.sockets.consumer import BACKLOG, SocketConsumer
from bellhop.sockets.open_sockets import registry
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import (
    PATIENCE,
    Visitor,
    archive,
    consumers,
    event,
    group_send,
    log_in,
    read,
    until,
)


async def test_the_first_frame_is_ready_and_then_comes_what_was_missed(owner: Visitor) -> None:
    await owner.add(3)
    tab = await owner.tab("?after=1")
    assert [frame["type"] for frame in tab.frames] == ["ready", "notification", "notification"]
    assert tab.frames[0]["seq"] == 3
    assert tab.seqs == [2, 3]


async def test_a_session_with_a_mark_starts_there(owner: Visitor) -> None:
    await owner.add(3)
    tab = await owner.tab(key=await owner.do(log_in, mark=2))
    assert tab.seqs == [3]


async def test_a_session_without_a_mark_starts_at_the_latest(owner: Visitor) -> None:
    rows = await owner.add(3)
    tab = await owner.tab()
    await owner.ring(*rows, *await owner.add())
    assert (await tab.settle()).seqs == [4]


async def test_after_wins_over_the_mark(owner: Visitor) -> None:
    await owner.add(3)
    tab = await owner.tab("?after=0", key=await owner.do(log_in, mark=2))
    assert tab.seqs == [1, 2, 3]


async def test_a_mark_beyond_the_latest_is_told_to_resync(owner: Visitor) -> None:
    await owner.add()
    tab = await owner.tab(key=await owner.do(log_in, mark=9))
    assert tab.of_type("resync") == [{"type": "resync", "seq": 1}]
    await owner.ring(*await owner.add())
    assert (await tab.settle()).seqs == [2]


# Rows 1 to 6 exist, the socket has been sent 1 to 3. What is rung, and what is sent of it.
RINGS = {
    "the next is sent": ([4], [4]),
    "the latest sent is dropped": ([3], []),
    "an old one is dropped": ([1], []),
    "a gap is filled from the database": ([6], [4, 5, 6]),
    "a gap to one that is not the latest brings all there are": ([5], [4, 5, 6]),
    "one after the other": ([4, 5, 6], [4, 5, 6]),
    "backwards": ([6, 5, 4], [4, 5, 6]),
    "out of order": ([5, 4, 6], [4, 5, 6]),
    "each twice": ([4, 4, 5, 5, 6, 6], [4, 5, 6]),
    "all again and again": ([6, 4, 5, 6, 1, 2, 3, 4, 6], [4, 5, 6]),
}


@pytest.mark.parametrize("name", RINGS)
async def test_the_cursor_rule(owner: Visitor, name: str) -> None:
    rung, sent = RINGS[name]
    await owner.add(3)
    tab = await owner.tab("?after=0")
    await owner.add(3)
    rows = {row.seq: row async for row in Notification.objects.filter(recipient=owner.user)}
    tab.frames.clear()
    await owner.ring(*(rows[seq] for seq in rung))
    assert (await tab.settle()).seqs == sent


async def test_a_ring_of_the_next_is_sent_without_asking_the_database(owner: Visitor) -> None:
    """The row is gone: only the ring can have brought it."""
    tab = await owner.tab()
    (row,) = await owner.add()
    await Notification.objects.filter(pk=row.pk).adelete()
    await owner.ring(row)
    assert (await tab.settle()).seqs == [1]


async def test_a_gap_that_the_database_does_not_fill_is_no_gap(owner: Visitor) -> None:
    tab = await owner.tab("?after=0")
    rows = await owner.add(4)
    await Notification.objects.filter(seq=1).adelete()
    await owner.do(archive, 3)
    await owner.ring(rows[3], rows[2], rows[0])
    assert (await tab.settle()).seqs == [2, 4]
    await owner.ring(*await owner.add())
    assert (await tab.settle()).seqs == [2, 4, 5]


async def test_a_ring_before_ready_waits_for_it_and_is_sent_once(owner: Visitor) -> None:
    """It comes while the socket reads what it missed: joined already, not yet let in."""
    rows = await owner.add(2)
    first = await owner.tab()
    (end,) = consumers(owner.user)
    second = await owner.knock("?after=0")
    await owner.ring(*rows, *await owner.add())
    assert (await second.settle()).seqs == [1, 2, 3]
    assert second.frames[0]["type"] == "ready"
    assert (await first.settle()).seqs == [3]
    assert end.cursor == 3


async def test_a_ring_is_encoded_once_for_all_tabs_of_its_user(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabs = [await owner.tab() for _ in range(3)]
    (row,) = await owner.add()
    texts: list[str] = []
    dumps = check_client_frames.encode._dumps

    def counted(frame: Any) -> str:
        texts.append(frame["type"])
        return dumps(frame)

    monkeypatch.setattr(check_client_frames.encode, "_dumps", counted)
    await owner.ring(row)
    await until(lambda: all(tab._heard() and tab.seqs == [1] for tab in tabs))
    assert texts == ["notification"]


async def test_rings_beyond_the_backlog_of_a_socket_that_waits_are_left_to_the_beat(
    owner: Visitor, outsider: Visitor
) -> None:
    tab, foreign = await owner.tab(), await outsider.tab()
    rows = await owner.add(BACKLOG + 5)
    (end,) = consumers(owner.user)
    async with end._turn:
        for row in rows:
            end.hear(event(row))
        assert len(end._waiting) == BACKLOG
        await outsider.ring(*await outsider.add())
        await until(lambda: foreign._heard() and foreign.seqs == [1])
    await until(lambda: tab._heard() and tab.seqs == list(range(1, BACKLOG + 1)))
    await beat.tick()
    assert (await tab.settle()).seqs == list(range(1, BACKLOG + 6))
    assert not end._waiting


async def test_an_event_that_breaks_its_handler_costs_no_socket(owner: Visitor) -> None:
    tab = await owner.tab()
    with capture_logs() as lines:
        await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": "no number"})
        await owner.ring(*await owner.add())
        assert (await tab.settle()).seqs == [1]
    assert [line["type"] for line in lines if line["event"] == "event_failed"] == [SEND_CHANGES]


async def test_every_tab_has_a_cursor_of_its_own(owner: Visitor) -> None:
    rows = await owner.add(3)
    all_of_them, some, none = [await owner.tab(f"?after={seq}") for seq in (0, 2, 3)]
    await owner.ring(*rows)
    assert (await all_of_them.settle()).seqs == [1, 2, 3]
    assert (await some.settle()).seqs == [3]
    assert (await none.settle()).seqs == []


async def test_a_ring_reaches_each_device_of_its_user_and_nobody_else(
    owner: Visitor, outsider: Visitor
) -> None:
    phone, desk = await owner.tab(), await owner.tab(key=await owner.second_device())
    foreign = await outsider.tab("?after=0")
    await owner.ring(*await owner.add())
    assert (await phone.settle()).seqs == (await desk.settle()).seqs == [1]
    await beat.tick()
    assert [frame["type"] for frame in (await foreign.settle()).frames] == ["ready"]


async def test_more_than_200_missed_is_one_resync_and_then_it_goes_on(owner: Visitor) -> None:
    tab = await owner.tab("?after=0")
    rows = await owner.add(REPLAY_LIMIT + 1)
    await owner.ring(rows[-1], rows[0])
    await tab.settle()
    await owner.ring(*await owner.add())
    await tab.settle()
    assert tab.of_type("resync") == [{"type": "resync", "seq": REPLAY_LIMIT + 1}]
    assert tab.seqs == [REPLAY_LIMIT + 2]


async def test_an_unsaved_message_is_sent_as_one_line_and_moves_no_cursor(owner: Visitor) -> None:
    tab = await owner.tab()
    await group_send(
        user_group(owner.user.pk), {"type": SEND_NOTIFICATION, "message": "two\n lines\t"}
    )
    await owner.ring(*await owner.add())
    _, unsaved, saved = (await tab.settle()).frames
    assert unsaved == {"type": "notification", "kind": "message", "message": "two lines"}
    assert saved["seq"] == 1


async def test_changes_are_sent_once_and_only_those_since(owner: Visitor) -> None:
    rows = await owner.add(2)
    first = await owner.do(read, 1)
    tab = await owner.tab()
    second = await owner.do(read, 2)
    for rev in (first, second, second, first):
        await group_send(user_group(owner.user.pk), {"type": SEND_CHANGES, "rev": rev})
    (state,) = (await tab.settle()).of_type("state")
    assert (state["rev"], state["unread"], state["read"]) == (second, 0, [str(rows[1].pk)])


@pytest.mark.parametrize("kind", ["from.the.future", "send.mail", "websocket.unknown"])
async def test_an_event_nobody_handles_costs_no_socket(owner: Visitor, kind: str) -> None:
    tab = await owner.tab()
    await group_send(user_group(owner.user.pk), {"type": kind, "payload": 1})
    await owner.ring(*await owner.add())
    assert (await tab.settle()).seqs == [1]


async def test_a_database_error_while_filling_a_gap_is_left_to_the_beat(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await owner.tab()
    rows = await owner.add(2)
    with monkeypatch.context() as broken:
        broken.setattr(missed_notifications, "missed", _no_database)
        await owner.ring(rows[1])
        assert (await tab.settle()).seqs == []
    await beat.tick()
    assert (await tab.settle()).seqs == [1, 2]
    assert tab.closed_with is None


def _no_database(*_: Any, **__: Any) -> Any:
    raise OperationalError("the database is away")


async def test_without_a_database_a_socket_is_closed_with_4503(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bellhop.sessions.cookie_to_user.read_logins", _no_database)
    socket = await owner.knock()
    assert (socket.accepted, await socket.until_closed(), socket.frames) == (True, 4503, [])


async def test_a_database_lost_after_the_login_was_read_is_4503_and_leaves_nobody_behind(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_notifications, "first_looks", _no_database)
    socket = await owner.knock()
    assert await socket.until_closed() == 4503
    await socket.leave()
    assert registry.count(owner.user.pk) == 0


@pytest.mark.parametrize("key", ["", "garbage", "a" * 32])
async def test_no_session_is_accepted_and_closed_with_4401(owner: Visitor, key: str) -> None:
    socket = await owner.knock(key=key)
    assert (socket.accepted, await socket.until_closed(), socket.frames) == (True, 4401, [])
    assert registry.count(owner.user.pk) == 0


async def test_the_session_is_checked_before_after(owner: Visitor) -> None:
    assert await (await owner.knock("?after=x", key="")).until_closed() == 4401
    assert await (await owner.knock("?after=x")).until_closed() == 4400


async def test_after_is_checked_before_the_limit(owner: Visitor, settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"SOCKETS_PER_USER": 1}
    await owner.tab()
    assert await (await owner.knock("?after=x")).until_closed() == 4400
    assert await (await owner.knock()).until_closed() == 4429


async def test_one_socket_too_many_is_4429_for_this_user_only(
    owner: Visitor, outsider: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"SOCKETS_PER_USER": 2}
    first, _ = await owner.tab(), await owner.tab(key=await owner.second_device())
    assert await (await owner.knock()).until_closed() == 4429
    await outsider.tab()
    await first.leave()
    await owner.tab()


async def test_without_rate_limits_there_is_no_limit_of_sockets_and_frames(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"RATE_LIMITS": False}
    settings.BELLHOP = settings.BELLHOP | {"SOCKETS_PER_USER": 1, "SOCKET_FRAMES_PER_SECOND": 1}
    first, second = await owner.tab(), await owner.tab()
    for _ in range(5):
        await first.send('{"type": "noise"}')
    await owner.ring(*await owner.add())
    assert (await first.settle()).seqs == (await second.settle()).seqs == [1]


async def test_frames_beyond_the_rate_are_4429(owner: Visitor, settings: Any) -> None:
    settings.BELLHOP = settings.BELLHOP | {"SOCKET_FRAMES_PER_SECOND": 5}
    tab = await owner.tab()
    for _ in range(20):
        await tab.send('{"type": "noise"}')
    assert await tab.until_closed() == 4429


@pytest.mark.parametrize("text", ["", "[]", '{"type": 1}', '{"type": "ack"}'])
async def test_a_bad_frame_closes_this_socket_only(owner: Visitor, text: str) -> None:
    bad, good = await owner.tab(), await owner.tab()
    await bad.send(text)
    assert await bad.until_closed() == 4400
    await owner.ring(*await owner.add())
    assert (await good.settle()).seqs == [1]
    assert bad.seqs == []


async def test_binary_is_4400(owner: Visitor) -> None:
    tab = await owner.tab()
    await tab.send(data=b'{"type": "ack", "seq": 0}')
    assert await tab.until_closed() == 4400


@pytest.mark.parametrize(("seq", "closed_with"), [(0, None), (2, None), (3, 4400), (-1, 4400)])
async def test_an_ack_up_to_the_latest_is_fine_and_beyond_it_is_4400(
    owner: Visitor, seq: int, closed_with: int | None
) -> None:
    await owner.add(2)
    tab = await owner.tab()
    await tab.send(f'{{"type": "ack", "seq": {seq}}}')
    if closed_with:
        assert await tab.until_closed() == closed_with
    else:
        await owner.ring(*await owner.add())
        assert (await tab.settle()).seqs == [3]


async def test_after_a_refusal_nothing_more_is_sent(owner: Visitor) -> None:
    tab = await owner.tab()
    await tab.send("[]")
    assert await tab.until_closed() == 4400
    await tab.send("[]")
    await owner.ring(*await owner.add())
    await beat.tick()
    await tab.leave()
    assert tab.seqs == []


async def test_a_closed_tab_leaves_beat_and_group(owner: Visitor) -> None:
    tab, staying = await owner.tab(), await owner.tab()
    assert registry.count(owner.user.pk) == 2
    await tab.leave()
    assert registry.count(owner.user.pk) == 1
    await staying.leave()
    assert (registry.count(owner.user.pk), registry.sockets) == (0, set())


STEPS = st.lists(
    st.one_of(
        st.just(("add", 0)),
        st.just(("beat", 0)),
        st.tuples(st.just("ring"), st.integers(0, 9)),
        st.tuples(st.just("wild ring"), st.integers(0, 9)),
    ),
    max_size=25,
)


@pytest.mark.django_db(transaction=True)
@given(steps=STEPS, start=st.integers(0, 3))
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_rings_and_beats_come_it_is_each_once_in_order_and_complete(
    steps: list[tuple[str, int]], start: int
) -> None:
    """Rings are lost, doubled and late; the rows, and sooner or later a beat, are all that is sure."""
    async_to_sync(_walk)(steps, start)


async def _walk(steps: list[tuple[str, int]], start: int) -> None:
    visitor = await Visitor.arrive(f"user{await User.objects.acount()}")
    rows: list[Notification] = await visitor.add(3)
    tab = await visitor.tab(f"?after={start}")
    try:
        (end,) = consumers(visitor.user)
        for step, choice in steps:
            if step == "add":
                rows += await visitor.add()
            elif step == "beat":
                await beat.tick()
            elif step == "ring":
                await visitor.ring(rows[choice % len(rows)])
            else:
                # Past the queue of the layer: at the same moment as whatever is under way.
                await end.dispatch(event(rows[-1 - choice % len(rows)]))
        await tab.settle()
        await beat.tick()
        await tab.settle()
        assert tab.seqs == list(range(start + 1, len(rows) + 1))
        assert tab.closed_with is None
    finally:
        await tab.leave()


async def test_rings_and_beats_at_the_same_moment_take_turns(owner: Visitor) -> None:
    tab = await owner.tab()
    rows = await owner.add(3)
    (end,) = consumers(owner.user)
    await asyncio.wait_for(
        asyncio.gather(
            beat.tick(), end.dispatch(event(rows[2])), end.dispatch(event(rows[0])), beat.tick()
        ),
        PATIENCE,
    )
    assert (await tab.settle()).seqs == [1, 2, 3]


def test_handlers_of_the_contracts_events_exist() -> None:
    for kind in (SEND_NOTIFICATION, SEND_CHANGES):
        assert hasattr(SocketConsumer, kind.replace(".", "_"))


@pytest.mark.parametrize(
    "type_",
    [
        "websocket.disconnect",
        "websocket.connect",
        "websocket.receive",
        "dispatch",
        "",
        7,
        None,
    ],
)
async def test_nobody_who_may_ring_can_speak_for_the_browser(
    owner: Visitor, outsider: Visitor, type_: Any
) -> None:
    tab, other = await owner.tab(), await outsider.tab()
    check_client_frames = list(tab.frames)
    group = user_group(owner.user.pk)
    with capture_logs() as lines:
        await group_send(group, {"type": type_, "code": 1000, "text": "no JSON"})
        await tab.settle()
    assert tab.closed_with is None
    assert tab.frames == check_client_frames
    assert [line["event"] for line in lines if line["event"] != "notification_sent"] == [
        "event_ignored"
    ]
    await owner.ring(*await owner.add())
    assert (await tab.settle()).seqs == [1]
    assert (await other.settle()).seqs == []
