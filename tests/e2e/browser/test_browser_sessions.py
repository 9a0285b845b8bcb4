"""What a person with several tabs and devices sees when a login session ends or changes: a real Chromium."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect
from support import people
from support.clients.browser import Tab, chromium, tab
from support.clients.visitor import PASSWORD
from support.gateway import BEAT, PATIENCE

NEW_PASSWORD = "an even more correct horse"
# Whatever the page said, however shortly: the words of its indicator, and the banner.
WATCH = """() => {
  const bell = document.querySelector("bellhop-bell").shadowRoot;
  const state = bell.querySelector("[data-testid=connection]");
  const banner = document.querySelector("#signed-out");
  window.said = [];
  const look = () => window.said.push(state.dataset.state, banner.hidden ? "no banner" : "banner");
  new MutationObserver(look).observe(state, { attributes: true });
  new MutationObserver(look).observe(banner, { attributes: true });
}"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


async def said(page: Tab) -> list[str]:
    found: list[str] = await page.page.evaluate("window.said")
    return found


async def test_a_new_password_keeps_this_browsers_other_tab_live_and_tells_other_browsers(
    browser: Browser,
) -> None:
    owner, neighbour = people.make(2)
    here, elsewhere, outsider = await tab(browser), await tab(browser), await tab(browser)
    for page, name in ((here, owner), (elsewhere, owner), (outsider, neighbour)):
        await page.log_in(name)
        await page.until_live()
        await page.page.evaluate(WATCH)
    form = Tab(await here.page.context.new_page())
    await form.open("/accounts/password/change/")
    await form.page.fill("input[name=oldpassword]", PASSWORD)
    await form.page.fill("input[name=password1]", NEW_PASSWORD)
    await form.page.fill("input[name=password2]", NEW_PASSWORD)
    await form.submit()

    await expect(elsewhere.page.locator("#signed-out")).to_be_visible(
        timeout=BEAT * PATIENCE * 1000
    )
    await expect(elsewhere.by("connection")).to_have_attribute("data-state", "signed-out")
    # Its socket belonged to the old session: it was closed, and came back by itself.
    started = time.monotonic()
    while "connecting" not in await said(here) or "open" not in (await said(here))[-2:]:
        assert time.monotonic() - started < BEAT * PATIENCE, await said(here)
        await asyncio.sleep(0.1)
    print(f"live again {time.monotonic() - started:.2f} s later: {await said(here)}")
    # What the other tab has shown by then, a page that comes later does not show again.
    await form.until_live()
    people.notify(owner, "for who is still here")
    # In the tab in front alone, and in the list of the other one.
    await form.until_toast("for who is still here")
    await expect(here.by("notification").first).to_contain_text("for who is still here")

    assert not {"signed-out", "banner"} & set(await said(here))
    assert await said(outsider) == []
    assert "for who is still here" not in await elsewhere.page.content()
    assert "for who is still here" not in await outsider.page.content()


async def looked_at(page: Tab, name: str) -> None:
    """Keep what a page looks like on either screen; it must be no wider."""
    for device, width in (("phone", 390), ("desktop", 1280)):
        await page.page.set_viewport_size({"width": width, "height": 844})
        await page.screenshot(f"{name}-{device}")
        overflow = await page.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0


async def test_the_page_of_devices_fits_the_screen_and_ends_the_others(browser: Browser) -> None:
    (owner,) = people.make()
    here = await tab(browser, viewport={"width": 390, "height": 844})
    await here.log_in(owner)
    await here.until_live()
    there = await tab(browser)
    await there.log_in(owner)
    await there.until_live()

    await here.page.locator("[data-menu]").click()
    await here.page.get_by_role("link", name="Devices").click()
    await expect(here.by("device")).to_have_count(2)
    await expect(here.by("device").nth(0)).to_contain_text("This device")
    await expect(here.by("device").nth(0)).to_contain_text("Chrom")
    await looked_at(here, "devices")

    await here.page.get_by_role("button", name="Sign out all other devices").click()
    await expect(here.by("device")).to_have_count(1)
    await expect(here.page.get_by_text("signed in nowhere else")).to_be_visible()
    await looked_at(here, "devices-single")
    await expect(there.page.locator("#signed-out")).to_be_visible(timeout=BEAT * PATIENCE * 1000)
    assert here.complaints == []
