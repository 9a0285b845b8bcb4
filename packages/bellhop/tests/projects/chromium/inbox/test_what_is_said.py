"""What the browser tells a screen reader at each event: once, in a live region that is always there."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import Reader, button, shows, until_it_is
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_each_event_is_said_once_in_the_one_live_region_that_was_there_before(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    phone = await device(pages, ada.login)
    window, there = await ada.live(INBOX), await phone.live(INBOX)
    foreign = await eve.live(INBOX)
    reader = await Reader.of(window)
    await reader.hears()
    await eve.person.tell(ada.login, "one", key="the first")
    await reader.finds("New notification: one")
    await reader.hears("New notification: one")
    await eve.person.submit("/recall/", to=ada.login, key="the first", text="one, put otherwise")
    await reader.hears("New notification: one", "one, put otherwise")
    await eve.person.tell(ada.login, "two")
    lines = ["New notification: one", "one, put otherwise", "New notification: two"]
    await reader.hears(*lines)

    await button(window, "Archive", "two").click()
    await reader.hears(*lines, "Archived 1.")
    await window.page.get_by_role("button", name="Undo", exact=True).click()
    await reader.hears(*lines, "Archived 1.", "Undone.")
    await window.page.get_by_role("button", name="Mark all as read").click()
    await reader.hears_now("Marked 2 as read.")

    # Whatever is done elsewhere is seen, and says nothing of itself.
    await button(there, "Archive", "two").click()
    await there.page.mouse.move(0, 0)
    await window.page.mouse.move(0, 0)
    await shows(window, "one, put otherwise")
    await reader.hears_now("Marked 2 as read.")

    await eve.person.tell(ada.login, "number #", times="7")
    await shows(window, *(f"number {count}" for count in range(7, 0, -1)), "one, put otherwise")
    foreign_reader = await Reader.of(foreign)
    await foreign_reader.hears()
    assert await foreign_reader.said() == []


async def test_a_link_that_is_lost_and_found_and_a_session_that_ends_are_said(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live(INBOX)
    await ada.person.tell(ada.login, "one")
    reader = await Reader.of(window)
    await reader.hears("New notification: one")
    window.forgive("ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed|could not")
    await ada.context.set_offline(True)
    await expect(window.by("connection")).to_have_attribute("data-state", "offline")

    async def begins() -> str:
        return ([""] + await reader.said())[-1].partition(". ")[0]

    await until_it_is(begins, "You are offline")
    await ada.context.set_offline(False)
    await reader.hears_now("Back online.")
    await ada.person.log_out()
    await until_it_is(begins, "Your session has ended, so nothing new arrives here.")
    assert len([line for line in await reader.said() if line.startswith("Your session")]) == 1


async def test_everything_has_a_name_of_its_own(pages: Place, device: Devices) -> None:
    ada = await device(pages)
    for kind, texts in (("order", ("one", "two")), ("alarm", ("three",))):
        for text in texts:
            await ada.person.tell(ada.login, text, kind=kind, thread=kind, body=f"about {text}")
    window = await ada.live(INBOX)
    await window.page.locator("summary").click()
    reader = await Reader.of(window)
    buttons = [name for name in await reader.named("button") if name.startswith(("Arch", "Mark"))]
    wanted = [
        f"{verb} {text}" for text in ("three", "two", "one") for verb in ("Mark as read", "Archive")
    ]
    assert [name for name in buttons if name in wanted] == wanted
    assert await reader.named("checkbox") == ["Select all", "three", "two", "one"]
    assert {"Today"} <= set(await reader.named("list"))
    assert {"Views", "Kinds"} <= set(await reader.named("navigation"))
    assert len(await reader.named("search")) == 1
    assert await reader.named("image") == []
