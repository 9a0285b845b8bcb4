"""After a backup was restored: who knows what it does not hold is told, and misses nothing that comes."""

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command

from bellhop.models import Inbox
from sockets.support import Visitor, log_in, read

KEPT, LOST = 3, 5
"""What the backup holds, and the latest seq (and rev) that was given after it."""


@pytest.fixture
async def restored(owner: Visitor) -> Visitor:
    """One whose database was put back: three notifications and a change are left of five and four."""
    await owner.add(KEPT)
    await owner.do(read, 1)
    await sync_to_async(call_command)("bellhop_restored")
    return owner


async def latest(owner: Visitor) -> Inbox:
    return await Inbox.objects.aget(pk=owner.user.pk)


async def test_who_is_ahead_is_told_to_resync_and_gets_all_that_comes(restored: Visitor) -> None:
    tab = await restored.tab(f"?after={LOST}")
    seq = (await latest(restored)).last_seq
    assert tab.of_type("resync") == [{"type": "resync", "seq": seq}]
    await restored.ring(*await restored.add(2))
    assert (await tab.settle()).seqs == [seq + 1, seq + 2]


async def test_who_is_ahead_misses_nothing_when_as_many_have_come_as_were_lost(
    restored: Visitor,
) -> None:
    """With the numbers given again `after` would lie within the new ones."""
    new = await restored.add(LOST)
    assert min(row.seq for row in new if row.seq) > LOST
    until = (await latest(restored)).restored_until
    tab = await restored.tab(f"?after={LOST}")
    assert [frame["type"] for frame in tab.frames[:2]] == ["ready", "resync"]
    assert tab.of_type("resync") == [{"type": "resync", "seq": until}]
    assert tab.seqs == [row.seq for row in new]


@pytest.mark.parametrize("after", [0, 1, KEPT])
async def test_who_knows_nothing_that_was_lost_just_goes_on(restored: Visitor, after: int) -> None:
    new = await restored.add(2)
    tab = await restored.tab(f"?after={after}")
    assert tab.of_type("resync") == []
    assert tab.seqs == [*range(after + 1, KEPT + 1), *(row.seq for row in new)]


async def test_who_was_told_once_goes_on_from_there(restored: Visitor) -> None:
    seq = (await latest(restored)).last_seq
    new = await restored.add(2)
    tab = await restored.tab(f"?after={seq}")
    assert tab.of_type("resync") == []
    assert tab.seqs == [row.seq for row in new]


async def test_who_knows_lost_changes_is_told_to_fetch_the_list(restored: Visitor) -> None:
    await restored.do(read, 2)
    await restored.do(read, 3)
    now = await latest(restored)
    tab = await restored.tab(f"?after={now.last_seq}&rev=4")
    (state,) = tab.of_type("state")
    assert state["reload"] is True
    assert (state["rev"], state["unread"]) == (now.rev, 0)
    assert not {"read", "unread_ids", "archived", "removed", "updated"} & set(state)


async def test_who_shows_a_lost_notification_is_told_to_fetch_the_list(restored: Visitor) -> None:
    tab = await restored.tab(f"?after={LOST}&rev=1")
    assert [state["reload"] for state in tab.of_type("state")] == [True]


async def test_who_knows_no_lost_change_is_told_what_changed(restored: Visitor) -> None:
    await restored.do(read, 2)
    tab = await restored.tab("?rev=1")
    (state,) = tab.of_type("state")
    assert "reload" not in state
    assert len(state["read"]) == 1


async def test_a_session_whose_mark_was_lost_is_told_too(restored: Visitor) -> None:
    tab = await restored.tab(key=await restored.do(log_in, mark=LOST))
    assert len(tab.of_type("resync")) == 1


async def test_a_ring_of_the_lost_history_is_dropped(restored: Visitor) -> None:
    """A worker's task may have waited in Redis all the while."""
    (row,) = await restored.add()
    tab = await restored.tab(f"?after={row.seq}")
    row.seq = KEPT + 1
    await restored.ring(row)
    assert (await tab.settle()).seqs == []


async def test_who_had_no_inbox_in_the_backup_is_ahead_too(owner: Visitor) -> None:
    await sync_to_async(call_command)("bellhop_restored")
    await owner.add(LOST)
    tab = await owner.tab(f"?after={LOST}")
    assert len(tab.of_type("resync")) == 1
