"""Ten thousand notifications of one person: everything still answers in the time a person waits."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.async_api import expect
from support import people, stack
from support.clients.browser import chromium, tab
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE

COUNT = 10_000
SECONDS = 2
"""For one step; a test machine that is busy gets three times that."""


@contextmanager
def step(name: str, bound: float = SECONDS) -> Iterator[None]:
    """Print how long a step took; AssertionError beyond three times its bound."""
    started = time.monotonic()
    yield
    took = time.monotonic() - started
    print(f"{name}: {took * 1000:.0f} ms")
    assert took < bound * PATIENCE, f"{name} took {took:.1f} s"


def fill(name: str) -> None:
    """Give someone who has nothing yet 10,000 unread notifications, as notify() would have stored them."""
    stack.shell(
        "from django.contrib.auth.models import User\n"
        "from bellhop.models import Inbox, Notification\n"
        f"user = User.objects.get(username={name!r})\n"
        f"Inbox.objects.create(user=user, last_seq={COUNT})\n"
        "Notification.objects.bulk_create(\n"
        "    (Notification(recipient=user, seq=seq, message=f'number {seq}', body='x' * 200)\n"
        f"     for seq in range(1, {COUNT} + 1)), batch_size=2000)"
    )


@pytest.fixture
async def collector() -> AsyncIterator[Visitor]:
    """Someone with 10,000 notifications, not signed in yet."""
    (name,) = people.make()
    await asyncio.to_thread(fill, name)
    async with Visitor(name) as visitor:
        yield visitor


async def test_every_step_takes_no_longer_than_a_person_waits(
    arrive: Any, collector: Visitor
) -> None:
    outsider = await arrive()
    foreign = await outsider.socket()
    with step("login and its page"):
        assert (await collector.login()).status_code == 302
    with step("page"):
        assert (await collector.http.get("/")).text.count('data-testid="notification"') == 51
    with step("socket with after=0: resync"):
        socket = await collector.socket("?after=0")
        await socket.until(lambda s: s.of_type("resync"), SECONDS * PATIENCE)
    assert socket.of_type("resync") == [{"type": "resync", "seq": COUNT + 1}]
    assert socket.notifications == []
    with step("socket with 200 missed"):
        near = await collector.socket(f"?after={COUNT - 199}")
        await near.until_notifications(200, SECONDS * PATIENCE)

    seen, page = [], "/api/notifications/?limit=200"
    with step("the whole list, 200 at a time", bound=51 * 0.2):
        while page:
            answer = (await collector.http.get(page)).json()
            seen += [row["seq"] for row in answer["results"]]
            page = answer["next"]
    assert seen == list(range(COUNT + 1, 0, -1))

    with step("mark all as read, and tell the sockets"):
        answer = await collector.post("/api/notifications/read", {"through": COUNT + 1})
        assert (answer.json()["changed"], answer.json()["unread"]) == (COUNT + 1, 0)
        await socket.until(lambda s: s.of_type("state"), BEAT * PATIENCE)
    (state,) = socket.of_type("state")
    assert (state["reload"], state["unread"], state["through"]) == (True, 0, COUNT + 1)
    assert "read" not in state

    with step("archive all"):
        answer = await collector.post("/api/notifications/archive", {"through": COUNT})
        assert answer.json()["changed"] == COUNT
    with step("the list of what is left"):
        answer = await collector.http.get("/api/notifications/")
        assert [row["seq"] for row in answer.json()["results"]] == [COUNT + 1]

    people.notify(collector.username, "one more")
    await socket.until(lambda s: s.messages == ["one more"], BEAT * PATIENCE)
    assert len(foreign.notifications) == 1
    assert foreign.of_type("state") == []


async def test_the_page_stays_usable(collector: Visitor) -> None:
    async with chromium() as browser:
        page = await tab(browser)
        await page.open("/accounts/login/")
        with step("login, page and toast in the browser", bound=3 * SECONDS):
            await page.log_in(collector.username)
            await page.until_toast("Welcome back")
        await expect(page.by("notification")).to_have_count(50)
        with step("older ones"):
            await page.page.get_by_role("link", name="Older notifications").click()
            await expect(page.by("notification")).to_have_count(100)
            await expect(page.by("notification").nth(50)).to_contain_text(f"number {COUNT - 49}")
        await page.open()
        await page.until_live()
        with step("mark all as read in the browser"):
            await page.page.get_by_role("button", name="Mark all as read").click()
            await expect(page.by("bell-count")).to_be_hidden(timeout=SECONDS * PATIENCE * 1000)
        assert page.complaints == []
