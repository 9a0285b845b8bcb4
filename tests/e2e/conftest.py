"""Fixtures of the end-to-end tests: the stack, people, and browsers."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from support import only_local, people, stack, turns
from support.clients.visitor import Visitor
from support.gateway import BARE, WITHOUT_REDIS


@pytest.fixture(scope="session", autouse=True)
def running_stack() -> Iterator[None]:
    """Start with a healthy stack, or say what is not; leave no guests behind."""
    stack.wait_healthy(with_redis=True)
    if WITHOUT_REDIS:
        stack.stop("redis")
    yield
    people.forget()
    if WITHOUT_REDIS:
        stack.start("redis")
        stack.wait_healthy(with_redis=True)


# Where there are containers it has nothing to look at.
collect_ignore = [] if BARE else ["operation/test_processes.py"]


def pytest_sessionstart() -> None:
    only_local.check()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is about containers or about Redis where there are none, each with its mark's reason."""
    items.sort(key=lambda item: turns.order(item.path))
    for item in items:
        if WITHOUT_REDIS and (mark := item.get_closest_marker("redis")):
            item.add_marker(pytest.mark.skip(reason=f"about Redis: {mark.args[0]}"))
        if BARE and (mark := item.get_closest_marker("containers")):
            why = mark.args[0] if mark.args else "this host has none"
            item.add_marker(pytest.mark.skip(reason=f"about containers: {why}"))


def pytest_runtest_logstart(nodeid: str) -> None:
    turns.note(nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Leave a file's tests to the run that has them, where there are several."""
    if not turns.is_ours(item.path):
        return True
    if nextitem is None or turns.is_ours(nextitem.path):
        return None
    # What is torn down after this test goes by which one follows it.
    later = item.session.items[item.session.items.index(item) + 1 :]
    following = next((one for one in later if turns.is_ours(one.path)), None)
    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
    return True


@pytest.fixture
async def arrive() -> AsyncIterator[Callable[..., Any]]:
    """A function that signs a person in, on a device of their own: `await arrive(name)`."""
    async with AsyncExitStack() as devices:

        async def _arrive(name: str | None = None) -> Visitor:
            visitor = await devices.enter_async_context(Visitor(name or people.make()[0]))
            answer = await visitor.login()
            assert answer.status_code == 302, answer.text
            return visitor

        yield _arrive


@pytest.fixture(scope="module")
async def somebody() -> AsyncIterator[Visitor]:
    """Somebody who is signed in, for all tests of a file that leave no trace of theirs: a login is half a second."""
    async with Visitor(people.make()[0]) as visitor:
        answer = await visitor.login()
        assert answer.status_code == 302, answer.text
        yield visitor


@pytest.fixture
async def stranger() -> AsyncIterator[Visitor]:
    """Someone who is not signed in."""
    async with Visitor() as visitor:
        yield visitor
