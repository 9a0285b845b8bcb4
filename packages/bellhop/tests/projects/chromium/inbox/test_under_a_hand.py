"""Nothing moves, is covered or vanishes under somebody's hand, and whatever they did can be taken back."""

import asyncio
import time

import pytest
from playwright.async_api import Locator, expect

from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import PHONE, box, button, leave, shows
from projects.harness.chromium import Window
from projects.harness.fronts import Place
from projects.harness.tabs import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")


def undo(window: Window) -> Locator:
    return window.page.locator("[data-done]").get_by_role("button", name="Undo")


async def both(windows: tuple[Window, Window], *texts: str, unread: int) -> None:
    for window in windows:
        await shows(window, *texts)
        await window.counts(unread)


async def test_rows_stay_where_they_are_while_somebody_points_at_one(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    phone, eve = await device(pages, ada.login), await device(pages)
    await eve.person.tell(ada.login, "number #", times="3")
    window, there = await ada.live(INBOX), await phone.live(INBOX)
    archive = button(window, "Archive", "number 2")
    await archive.hover()
    before = await box(archive)

    await eve.person.tell(ada.login, "number 4")
    await eve.person.tell(ada.login, "number 5")
    pill = window.page.locator("[data-pill]")
    await expect(pill).to_have_text("2 new")
    await shows(window, "number 3", "number 2", "number 1")
    await button(there, "Archive", "number 3").click()
    await eve.person.submit("/past/", to=ada.login, text="number 1", delete="yes")
    rows = window.page.locator("[data-items] > section > div > .bellhop-notification")
    # Those that have gone elsewhere leave their places, which say why.
    await expect(rows).to_contain_text(
        ["Archived elsewhere", "number 2", "Withdrawn"], use_inner_text=True
    )
    assert await box(archive) == before
    await window.page.mouse.click(before["x"] + 5, before["y"] + 5)
    await expect(window.page.locator("[data-done-text]")).to_have_text("Archived 1.")
    await expect(pill).to_have_text("2 new")
    await leave(window)
    await leave(there)
    await both((window, there), "number 5", "number 4", unread=2)
    await expect(pill).to_be_hidden()

    await undo(window).click()
    await leave(window)
    await leave(there)
    await both((window, there), "number 5", "number 4", "number 2", unread=3)


async def test_the_pill_lets_in_what_has_waited(pages: Place, device: Devices) -> None:
    ada = await device(pages)
    await ada.person.tell(ada.login, "number #", times="2")
    window = await ada.live(INBOX)
    # The focus alone: by the keyboard.
    await button(window, "Archive", "number 1").focus()
    await ada.person.tell(ada.login, "number 3")
    await expect(window.page.locator("[data-pill]")).to_have_text("1 new")
    await window.page.locator("[data-pill]").press("Enter")
    await shows(window, "number 3", "number 2", "number 1")
    await expect(window.page.locator("[data-pill]")).to_be_hidden()
    assert await window.page.evaluate("document.activeElement.closest('[data-items]') !== null")


async def test_everything_can_be_taken_back_and_only_what_was_done_by_it(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    phone, eve = await device(pages, ada.login), await device(pages)
    for to in (ada.login, eve.login):
        await eve.person.tell(to, "number #", times="4")
    window, there, foreign = await ada.live(INBOX), await phone.live(INBOX), await eve.live(INBOX)
    done, page = window.page.locator("[data-done-text]"), window.page
    texts = ["number 4", "number 3", "number 2", "number 1"]
    await both((window, there), *texts, unread=4)
    await button(there, "Mark as read", "number 1").click()
    await window.counts(3)

    for name in ("number 1", "number 2"):
        await page.get_by_role("checkbox", name=name, exact=True).check()
    await expect(page.locator("[data-selected-count]")).to_have_text("2 selected")
    bulk = page.get_by_role("group", name="Selected notifications")
    await bulk.get_by_role("button", name="Archive").click()
    await expect(done).to_have_text("Archived 2.")
    await there.page.mouse.move(0, 0)
    await both((window, there), "number 4", "number 3", unread=2)
    await undo(window).click()
    await page.mouse.move(0, 0)
    await both((window, there), *texts, unread=3)
    await expect(window.item("number 1")).to_have_attribute("data-read", "true")
    await expect(there.item("number 2")).to_have_attribute("data-read", "false")

    await page.get_by_role("button", name="Mark all as read").click()
    await expect(done).to_have_text("Marked 3 as read.")
    await there.counts(0)
    # Meanwhile the other device has done something with one of them.
    await button(there, "Archive", "number 4").click()
    await shows(window, *texts[1:])
    await undo(window).click()
    await expect(done).to_have_text("Undone for 2; the rest has changed since.")
    await both((window, there), *texts[1:], unread=2)

    # What is archived can be moved back from there, which an undo takes back as well.
    await window.goto(f"{INBOX}?view=archived")
    await shows(window, "number 4")
    await button(window, "Move to inbox", "number 4").click()
    await leave(there)
    await shows(there, *texts)
    await undo(window).click()
    await shows(there, *texts[1:])
    await shows(foreign, *texts)
    await foreign.counts(4)


async def test_toasts_cover_neither_what_has_the_focus_nor_most_of_a_phone(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages, viewport=PHONE)
    await ada.person.tell(ada.login, "number #", times="12")
    window = await ada.live(INBOX)
    await ada.person.tell(ada.login, "alarm #", times="5", kind="alarm")
    await expect(window.by("toast").first).to_be_visible()
    covers = """() => {
      const { activeElement: one } = document;
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const toasts = document.querySelector("bellhop-toasts").shadowRoot;
      const region = toasts.querySelector("[part=toasts]").getBoundingClientRect();
      const isCovered = [...toasts.querySelectorAll("[part=toast]")].some((toast) => {
        const at = toast.getBoundingClientRect();
        return at.left < right && at.right > left &&
          Math.max(at.top, region.top) < bottom && Math.min(at.bottom, region.bottom) > top;
      });
      return [isCovered && toasts.activeElement === null ? one.outerHTML : "", region.height];
    }"""
    await window.page.locator("#bellhop-inbox-title").focus()
    for _ in range(70):
        await window.page.keyboard.press("Tab")
        covered, height = await window.page.evaluate(covers)
        # It may be that they make room.
        deadline = time.monotonic() + PATIENCE
        while covered and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            covered, height = await window.page.evaluate(covers)
        assert covered == ""
        assert height < PHONE["height"] * 0.5
