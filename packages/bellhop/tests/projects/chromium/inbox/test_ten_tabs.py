"""One person in two browsers with ten tabs in all, and an outsider: one state, one toast, one socket a browser."""

import re
from functools import partial

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX, OwnBrowsers
from projects.chromium.inbox.looking import button, leave, shows, until_it_is
from projects.chromium.own_browsers import OwnBrowser
from projects.harness.chromium import Window
from projects.harness.fronts import Place
from projects.harness.tabs import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABS = [INBOX, "/", INBOX, "/two-bells/", INBOX]


async def opened(browser: OwnBrowser) -> OwnBrowser:
    """Open five tabs, each of which is live."""
    for path in TABS:
        await browser.live(path)
    return browser


async def have(windows: list[Window], *texts: str, unread: int) -> None:
    """Wait until all of these list and count the same, and say so in their titles."""
    for window in windows:
        await window.counts(unread)
        await expect(window.page).to_have_title(f"({unread}) {await title(window)}")
        if window.page.url.endswith(INBOX):
            await shows(window, *texts)


async def title(window: Window) -> str:
    return (await window.page.title()).rpartition(") ")[2]


def own_toasts(browser: OwnBrowser) -> list[str]:
    """Without those that sum up the rest."""
    return sorted(text for text in browser.toasts if not re.match(r"\d+ more", text))


def has_toasts(browser: OwnBrowser, count: int) -> bool:
    return len(own_toasts(browser)) >= count


async def test_ten_tabs_in_two_browsers_are_one_inbox_whatever_becomes_of_the_one_that_leads(
    pages: Place, device: Devices, own: OwnBrowsers
) -> None:
    eve = await device(pages)
    foreign = await eve.live(INBOX)
    desk = await opened(await own(pages))
    phone = await opened(await own(pages, desk.login))

    async def tell(text: str, *before: str, unread: int) -> None:
        await eve.person.tell(desk.login, text)
        await have([*desk.windows, *phone.windows], text, *before, unread=unread)

    for browser in (desk, phone):
        await browser.holder()
    await tell("one", unread=1)
    await tell("two", "one", unread=2)

    # One of them is offline for a while.
    await phone.context.set_offline(True)
    for window in phone.windows:
        window.forgive("ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed|could not")
        await expect(window.by("connection").first).to_have_attribute("data-state", "offline")
    await eve.person.tell(desk.login, "three")
    front = desk.windows[-1]
    await shows(front, "three", "two", "one")
    await front.item("one").get_by_role("button", name="Mark as read").click()
    await front.item("two").get_by_role("button", name="Archive").click()
    await expect(front.page.locator("[data-done-text]")).to_have_text("Archived 1.")
    await leave(front)
    await have(desk.windows, "three", "one", unread=1)
    await have(phone.windows, "two", "one", unread=2)
    await phone.context.set_offline(False)
    await have(phone.windows, "three", "one", unread=1)

    led = await desk.holder()
    await desk.close(led)
    await desk.holder()
    await tell("four", "three", "one", unread=2)

    led = await desk.holder()
    desk.windows.remove(led)
    await led.goto("about:blank")
    await desk.holder()
    await tell("five", "four", "three", "one", unread=3)

    led = await desk.holder()
    (in_front, *_) = (window for window in desk.windows if window is not led)
    await in_front.to_front()
    await desk.freeze(led)
    next_one = await desk.holder(but=led)
    await eve.person.tell(desk.login, "six")
    await have([next_one], "six", "five", "four", "three", "one", unread=4)
    await desk.thaw(led)
    await have(desk.windows, "six", "five", "four", "three", "one", unread=4)
    assert await desk.holder() is next_one

    await desk.crash(next_one)
    # The browser keeps what it says of that in front until somebody turns to another tab.
    await desk.windows[0].to_front()
    await desk.holder()
    texts = ["seven", "six", "five", "four", "three", "one"]
    await tell(*texts, unread=5)

    for browser in (desk, phone):
        for window in browser.windows:
            await window.has_told("one", "two", "three", "four", "five", "six", "seven")
        await browser.holder()
        # What arrived while it was offline was told together, and all of it once.
        await until(partial(has_toasts, browser, 7))
        assert own_toasts(browser) == sorted(["one", "two", *texts[:5]])

    await eve.person.tell(eve.login, "mine")
    await foreign.has_told("mine")
    await shows(foreign, "mine")
    await foreign.counts(1)


async def test_the_tab_in_front_toasts_and_where_none_is_the_desktop_tells_once(
    pages: Place, device: Devices, own: OwnBrowsers
) -> None:
    eve, desk = await device(pages), await own(pages)
    phone = await device(pages, desk.login)
    there = await phone.live(INBOX)
    await desk.context.grant_permissions(["notifications"], origin=desk.person.origin)
    behind, front = await desk.live(INBOX), await desk.live()

    async def call(text: str, **more: str) -> None:
        await eve.person.tell(desk.login, text, kind="call", **more)

    await call("to the one in front")
    await front.shows_toast("to the one in front")
    await behind.has_told("to the one in front")
    await expect(behind.by("toast")).to_have_count(0)
    await front.by("bell").click()
    await front.by("panel-desktop").click()
    await expect(front.by("panel-desktop")).to_have_attribute("aria-pressed", "true")
    await front.page.keyboard.press("Escape")

    # Another site's, say.
    elsewhere = await desk.context.new_page()
    await until_it_is(lambda: front.page.evaluate("document.hidden"), wanted=True)
    await call("while away")
    await until(lambda: desk.desktop == ["while away"])
    await button(there, "Mark as read", "while away").click()
    await until(lambda: desk.desktop == [])
    await call("still waiting", url="/two-bells/")
    await until(lambda: desk.desktop == ["still waiting"])
    await behind.to_front()
    await behind.shows_toast("still waiting")
    for window in (behind, front):
        await window.has_told("to the one in front", "while away", "still waiting")
    assert desk.toasts == ["to the one in front", "still waiting"]

    await elsewhere.bring_to_front()
    await call("press me", url="/two-bells/")
    await until(lambda: "press me" in desk.desktop)
    pressed = "window.lastOnDesktop?.title === 'press me' && window.lastOnDesktop.dispatchEvent(new Event('click'))"
    for window in (behind, front):
        await window.page.evaluate(pressed)
    await until(
        lambda: [each.page.url.endswith("/two-bells/") for each in (behind, front)].count(True) == 1
    )
    await there.counts(2)
