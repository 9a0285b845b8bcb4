"""What has changed is asked once for all devices of a person that are told of it at the same moment."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bellhop.contract import SEND_CHANGES, user_group
from bellhop.sockets import changes_since
from sockets.support import Socket, Visitor, consumers, group_send, read, until


class Asked:
    """The question, which is answered as the database stood, once it is let go on."""

    def __init__(self) -> None:
        self.users: list[Any] = []
        self.goes_on = threading.Event()
        self._really = changes_since.changes

    def __call__(self, user_id: Any, rev: int) -> tuple[int, dict[str, Any]]:
        answer = self._really(user_id, rev)
        self.users.append(user_id)
        assert self.goes_on.wait(30)
        return answer


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    question = Asked()
    monkeypatch.setattr(changes_since, "changes", question)
    yield question
    question.goes_on.set()


async def ring_changes(visitor: Visitor, rev: int) -> None:
    message = {"type": SEND_CHANGES, "rev": rev}
    await group_send(user_group(visitor.user.pk), message)


def told(*sockets: Socket) -> Callable[[], bool]:
    return lambda: all(socket._heard() and socket.of_type("state") for socket in sockets)


async def test_three_devices_are_told_by_one_question_and_an_outsider_by_another(
    owner: Visitor, outsider: Visitor, asked: Asked
) -> None:
    (row,) = await owner.add()
    await outsider.add()
    tabs = [await owner.tab(), await owner.tab(), await owner.tab("", await owner.second_device())]
    foreign = await outsider.tab()
    rev = await owner.do(read, 1)
    assert await outsider.do(read, 1) == rev
    await ring_changes(owner, rev)
    await ring_changes(outsider, rev)
    await until(lambda: len(asked.users) == 2)
    asked.goes_on.set()
    await until(told(*tabs, foreign))
    assert sorted(asked.users) == sorted([owner.user.pk, outsider.user.pk])
    assert [tab.of_type("state")[0]["read"] for tab in tabs] == [[str(row.pk)]] * 3
    assert foreign.of_type("state")[0]["read"] != [str(row.pk)]


async def test_the_next_change_is_another_question(owner: Visitor, asked: Asked) -> None:
    asked.goes_on.set()
    await owner.add(2)
    tabs = [await owner.tab(), await owner.tab()]
    for seq in (1, 2):
        await ring_changes(owner, await owner.do(read, seq))
        for tab in tabs:
            await tab.settle()
    assert [[len(each["read"]) for each in tab.of_type("state")] for tab in tabs] == [[1, 1]] * 2
    assert len(asked.users) == 2


async def test_who_has_been_sent_more_than_the_answer_counts_asks_alone(
    owner: Visitor, asked: Asked
) -> None:
    await owner.add()
    tabs = [await owner.tab(), await owner.tab()]
    _, further = consumers(owner.user)
    async with further._turn:
        await ring_changes(owner, await owner.do(read, 1))
        await until(lambda: len(asked.users) == 1)
        await owner.add()
        further.cursor = 2  # As if it had been sent in this turn.
    asked.goes_on.set()
    await until(told(*tabs))
    assert [tab.of_type("state")[0]["seq"] for tab in tabs] in ([1, 2], [2, 1])
    assert len(asked.users) == 2


async def test_a_socket_that_goes_takes_the_answer_from_nobody(
    owner: Visitor, asked: Asked
) -> None:
    await owner.add()
    first, second = await owner.tab(), await owner.tab()
    await ring_changes(owner, await owner.do(read, 1))
    await until(lambda: len(asked.users) == 1)
    await first.leave()
    asked.goes_on.set()
    await until(told(second))
    assert len(asked.users) == 1
