"""The beat: closes what must close, sends what is missing, outlives what goes wrong."""

import asyncio
import json
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.utils import timezone
from structlog.testing import capture_logs

from bellhop.models import Notification
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.sockets import find_behind_or_signed_out, periodic_check_of_open_sockets
from bellhop.sockets.open_sockets import registry
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import PATIENCE, Socket, Visitor, archive, consumers, read, until


async def test_a_beat_sends_what_nobody_rang(owner: Visitor, outsider: Visitor) -> None:
    phone, desk = await owner.tab(), await owner.tab(key=await owner.second_device())
    foreign = await outsider.tab()
    await owner.add(3)
    await beat.tick()
    assert (await phone.settle()).seqs == (await desk.settle()).seqs == [1, 2, 3]
    assert (await foreign.settle()).seqs == []


async def test_a_second_beat_repeats_nothing(owner: Visitor) -> None:
    tab = await owner.tab()
    rows = await owner.add(2)
    await beat.tick()
    await beat.tick()
    await owner.ring(*rows)
    assert (await tab.settle()).seqs == [1, 2]


async def test_a_beat_tells_of_changes_once(owner: Visitor) -> None:
    (row,) = await owner.add()
    tab = await owner.tab()
    await owner.do(read, 1)
    await beat.tick()
    await beat.tick()
    (state,) = (await tab.settle()).of_type("state")
    assert (state["rev"], state["read"]) == (1, [str(row.pk)])


async def test_what_is_put_away_before_the_beat_is_not_shown(owner: Visitor) -> None:
    tab = await owner.tab()
    await owner.add(2)
    await owner.do(archive, 1)
    await beat.tick()
    assert (await tab.settle()).seqs == [2]


async def end_logout(owner: Visitor) -> None:
    await Session.objects.filter(pk=owner.key).adelete()


async def end_expiry(owner: Visitor) -> None:
    past = timezone.now() - timedelta(seconds=1)
    await Session.objects.filter(pk=owner.key).aupdate(expire_date=past)


@pytest.mark.parametrize("end", [end_logout, end_expiry])
async def test_a_beat_closes_the_tabs_of_a_session_that_ended_and_no_others(
    owner: Visitor, outsider: Visitor, end: Any
) -> None:
    ending = [await owner.tab(), await owner.tab()]
    staying, foreign = await owner.tab(key=await owner.second_device()), await outsider.tab()
    await end(owner)
    await owner.add()
    await beat.tick()
    for tab in ending:
        assert await tab.until_closed() == 4401
        assert tab.seqs == []
    assert (await staying.settle()).seqs == [1]
    assert (await foreign.settle()).closed_with is None


async def test_a_beat_closes_every_tab_of_who_was_deactivated(
    owner: Visitor, outsider: Visitor
) -> None:
    tabs = [await owner.tab(), await owner.tab(key=await owner.second_device())]
    foreign = await outsider.tab()
    await User.objects.filter(pk=owner.user.pk).aupdate(is_active=False)
    await beat.tick()
    assert [await tab.until_closed() for tab in tabs] == [4401, 4401]
    assert (await foreign.settle()).closed_with is None


async def test_a_beat_closes_every_tab_opened_before_the_password_changed(
    owner: Visitor, outsider: Visitor
) -> None:
    before, foreign = await owner.tab(), await outsider.tab()

    def change_password(user: User) -> None:
        user.set_password("another")
        user.save()

    await owner.do(change_password)
    after = await owner.tab(key=await owner.second_device())
    await beat.tick()
    assert await before.until_closed() == 4401
    assert (await after.settle()).closed_with is None
    assert (await foreign.settle()).closed_with is None


async def test_a_deleted_user_is_closed_and_harms_no_other(
    owner: Visitor, outsider: Visitor
) -> None:
    tab, foreign = await owner.tab(), await outsider.tab()
    await User.objects.filter(pk=owner.user.pk).adelete()
    await outsider.add()
    await beat.tick()
    assert await tab.until_closed() == 4401
    assert (await foreign.settle()).seqs == [1]


async def test_a_closed_session_is_closed_once(owner: Visitor) -> None:
    tab = await owner.tab()
    await end_logout(owner)
    await beat.tick()
    await beat.tick()
    assert await tab.until_closed() == 4401
    await tab.settle()


async def silent_for(tab: Socket, seconds: float) -> None:
    for end in registry.sockets:
        end.last_beat = time.monotonic() - seconds
    tab.frames.clear()


async def test_who_heard_nothing_for_long_is_told_that_the_line_is_alive(owner: Visitor) -> None:
    await owner.add(3)
    await owner.do(read, 1)
    tab = await owner.tab()
    await silent_for(tab, 25)
    await beat.tick()
    await beat.tick()
    assert (await tab.settle()).frames == [
        {"type": "beat", "seq": 3, "rev": 1, "unread": 2, "seen": 0}
    ]


async def test_who_was_told_lately_is_not_told_again(owner: Visitor) -> None:
    tab = await owner.tab()
    await silent_for(tab, 1)
    await beat.tick()
    assert (await tab.settle()).frames == []


async def test_the_beat_frame_comes_after_what_it_counts(owner: Visitor) -> None:
    tab = await owner.tab()
    await silent_for(tab, 25)
    await owner.add(2)
    await beat.tick()
    kinds = [frame["type"] for frame in (await tab.settle()).frames]
    assert kinds == ["notification", "notification", "beat"]


@pytest.mark.parametrize("count", [1, 4])
async def test_a_beat_of_nothing_new_costs_one_query_however_many_sockets(
    owner: Visitor, outsider: Visitor, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(count):
        await owner.tab()
        await outsider.tab()
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    original = find_behind_or_signed_out.look

    def counted(*args: Any) -> find_behind_or_signed_out.Survey:
        with connection.execute_wrapper(note):
            return original(*args)

    monkeypatch.setattr(find_behind_or_signed_out, "look", counted)
    monkeypatch.setattr(find_behind_or_signed_out, "standings", _no_database)
    await beat.tick()
    assert len(asked) == 1


def _no_database(*_: Any) -> Any:
    raise OperationalError("the database is away")


async def test_the_beat_survives_the_database_and_repairs_when_it_is_back(
    owner: Visitor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"BEAT_SECONDS": 0.02}
    look, failures = find_behind_or_signed_out.look, []

    def away(*args: Any) -> find_behind_or_signed_out.Survey:
        failures.append(args)
        raise OperationalError("the database is away")

    tab = await owner.tab()
    monkeypatch.setattr(find_behind_or_signed_out, "look", away)
    with capture_logs() as lines:
        await until(lambda: len(failures) > 3)
        assert tab.closed_with is None
        await owner.add()
        monkeypatch.setattr(find_behind_or_signed_out, "look", look)
        await until(lambda: any(line["event"] == "beat_found_database" for line in lines))
    assert (await tab.settle()).seqs == [1]
    spoken = [line["event"] for line in lines if line["event"].startswith("beat_")]
    assert spoken == ["beat_lost_database", "beat_found_database"]


async def test_the_beat_survives_what_goes_wrong_with_one_socket(
    owner: Visitor, outsider: Visitor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"BEAT_SECONDS": 0.02}
    await owner.tab()
    tab = await outsider.tab()
    (end,) = consumers(owner.user)
    failures = []

    async def fail_twice(way: str) -> None:
        failures.append(way)
        if len(failures) > 2:
            monkeypatch.undo()
        raise RuntimeError("the wire is cut")

    monkeypatch.setattr(end, "catch_up", fail_twice)
    await owner.add()
    await until(lambda: len(failures) > 2)
    await outsider.add()
    await until(lambda: [end.cursor for end in consumers(outsider.user)] == [1])
    assert (await tab.settle()).seqs == [1]


async def test_the_beat_rests_without_sockets_and_starts_again_with_the_next(
    owner: Visitor, settings: Any
) -> None:
    settings.BELLHOP = settings.BELLHOP | {"BEAT_SECONDS": 0.02}
    first = await owner.tab()
    await first.leave()
    task = beat._task
    assert task is not None
    await asyncio.wait_for(task, PATIENCE)
    second = await owner.tab()
    await owner.add()
    await until(lambda: [end.cursor for end in consumers(owner.user)] == [1])
    assert (await second.settle()).seqs == [1]


async def test_a_redis_that_hangs_delays_no_beat(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs() -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(get_channel_layer(), "probe", hangs)
    tab = await owner.tab()
    async with asyncio.timeout(PATIENCE):
        await beat.tick()
        await owner.add()
        await beat.tick()
    assert (await tab.settle()).seqs == [1]


async def test_a_heartbeat_asks_for_a_sign_of_life_and_a_notification_does_not(
    owner: Visitor,
) -> None:
    await owner.tab()
    (end,) = consumers(owner.user)
    written: list[tuple[str, bool]] = []
    end.line._wire = SimpleNamespace(
        is_full=False,
        write=lambda text: written.append((json.loads(text)["type"], False)),
        write_and_ask=lambda text: written.append((json.loads(text)["type"], True)),
    )
    end.last_beat -= 60
    await beat.tick()
    await owner.ring(*await owner.add())
    await until(lambda: len(written) == 2)
    assert written == [("beat", True), ("notification", False)]


def leave_behind(user: User, *messages: str) -> None:
    """Rows that a process committed and did not live to number."""
    for message in messages:
        Notification.objects.create(recipient=user, message=message)


async def test_a_beat_numbers_and_shows_what_a_dead_process_left_without_a_number(
    owner: Visitor, outsider: Visitor
) -> None:
    phone, desk = await owner.tab(), await owner.tab(key=await owner.second_device())
    foreign = await outsider.tab()
    await owner.add(1)
    await owner.do(leave_behind, "first", "second")
    await beat.tick()
    for tab in (phone, desk):
        assert (await tab.settle()).seqs == [1, 2, 3]
        assert [frame["message"] for frame in tab.of_type("notification")][1:] == [
            "first",
            "second",
        ]
    assert (await foreign.settle()).seqs == []


async def test_a_number_that_cannot_be_given_keeps_no_socket_from_its_repair(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(periodic_check_of_open_sockets, "number_left_behind", fails)
    tab = await owner.tab()
    await owner.add(2)
    with capture_logs() as lines:
        await beat.tick()
    assert (await tab.settle()).seqs == [1, 2]
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == [
        "numbering_failed"
    ]
