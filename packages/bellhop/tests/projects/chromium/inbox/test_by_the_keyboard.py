"""All that the inbox can do by the keyboard alone, from the address to the way back."""

import re

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import shows, until_it_is
from projects.harness.chromium import Window
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const ids = (one.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const named = ids.map((id) => one.getRootNode().getElementById(id));
  const texts = (named.length > 0 ? named : [one.labels?.[0] ?? one]).map((part) => part === null ? "" :
    part.getAttribute("aria-label") ?? part.textContent.trim());
  return one === document.body ? "nothing" : texts.join(" ") || one.localName;
}"""
"""What a screen reader calls the element that has the focus, in whatever shadow it is."""


async def focus(window: Window) -> str:
    return str(await window.page.evaluate(FOCUSED))


async def tab_to(window: Window, name: str, *, key: str = "Tab", at_most: int = 60) -> None:
    """Go on by that key until what has the focus is called that; it is seen when it has it."""
    passed = []
    for _ in range(at_most):
        await window.page.keyboard.press(key)
        passed.append(await focus(window))
        if re.match(name, passed[-1]):
            return
    raise AssertionError(f"{name!r} is not among {passed}")


async def has_focus(window: Window, pattern: str) -> None:
    await expect(window.page.locator("*:focus").last).to_have_accessible_name(re.compile(pattern))


async def is_row(window: Window, text: str) -> None:
    """The row of that text has the focus, as a whole."""
    await expect(window.item(text)).to_be_focused()


async def test_from_the_address_to_reading_archiving_undoing_selecting_searching_and_back(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    await eve.person.tell(ada.login, "number #", times="5", url="/two-bells/")
    await eve.person.tell(eve.login, "number 1")
    window, foreign = await ada.live(INBOX), await eve.live(INBOX)
    page, press = window.page, window.page.keyboard.press
    done = page.locator("[data-done-text]")

    await tab_to(window, "Archive number 4")
    await press("Enter")
    await expect(done).to_have_text("Archived 1.")
    # On with the same verb of the next one.
    await has_focus(window, "^Archive number 3$")
    await press("Enter")
    await shows(window, "number 5", "number 2", "number 1")
    await has_focus(window, "^Archive number 2$")
    await press("z")
    await expect(done).to_have_text("Undone.")
    await tab_to(window, "Mark as read number 5", key="Shift+Tab")
    await press("Space")
    await has_focus(window, "number 5$")
    await expect(window.item("number 5")).to_have_attribute("data-read", "true")
    await shows(window, "number 5", "number 3", "number 2", "number 1")

    for key in "jj":
        await press(key)
    await is_row(window, "number 2")
    await press("k")
    await is_row(window, "number 3")
    for key in "xjx":
        await press(key)
    await expect(page.locator("[data-selected-count]")).to_have_text("2 selected")
    await tab_to(window, "Mark as read$", key="Shift+Tab")
    await press("Enter")
    await expect(done).to_have_text("Marked 2 as read.")
    for text in ("number 3", "number 2"):
        await expect(window.item(text)).to_have_attribute("data-read", "true")
    assert await focus(window) != "nothing"

    await press("j")
    await press("u")
    await expect(done).to_have_text("Marked 1 as read.")
    await press("e")
    await expect(done).to_have_text("Archived 1.")
    await press("z")
    await expect(done).to_have_text("Undone.")
    await press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    # While somebody types, letters are letters.
    await page.keyboard.type("numjkeuxz 1?")
    await expect(page.get_by_role("searchbox")).to_have_value("numjkeuxz 1?")
    await page.get_by_role("searchbox").fill("number 1")
    await press("Enter")
    await page.wait_for_url(re.compile("q=number"))
    await shows(window, "number 1")
    await press("j")
    await is_row(window, "number 1")
    await press("Enter")
    await page.wait_for_url(re.compile("two-bells"))
    await page.go_back()
    await shows(window, "number 1")
    await expect(window.item("number 1")).to_have_attribute("data-read", "true")
    await shows(foreign, "number 1")
    await foreign.counts(1)


async def test_the_help_tells_the_keys_and_switches_them_off_but_for_itself(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    await ada.person.tell(ada.login, "number #", times="2")
    window = await ada.live(INBOX)
    page, press = window.page, window.page.keyboard.press
    await press("?")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(dialog.locator("kbd")).to_have_text(
        ["j", "k", "Enter", "e", "u", "x", "z", "/", "?"]
    )
    await press("e")
    await tab_to(window, "Use these keys")
    await press("Space")
    await press("Escape")
    await expect(dialog).to_have_count(0)
    for key in "je/x":
        await press(key)
    await shows(window, "number 2", "number 1")
    assert await focus(window) == "nothing"
    await page.reload()
    await window.is_live()
    await press("j")
    await press("e")
    await press("?")
    await expect(dialog).to_be_visible()
    await tab_to(window, "Use these keys")
    await press("Space")
    await press("Escape")
    await press("j")
    await press("Control+e")
    await press("e")
    await shows(window, "number 1")
    await expect(page.locator("[data-done-text]")).to_have_text("Archived 1.")


async def test_the_panel_of_the_bell_opens_moves_acts_and_gives_the_focus_back(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    await ada.person.tell(ada.login, "number #", times="3")
    window = await ada.live("/")
    page, press = window.page, window.page.keyboard.press
    panel = window.by("panel")
    await tab_to(window, "3 unread")
    await press("Enter")
    await expect(panel).to_be_visible()
    await expect(window.by("panel-row")).to_have_count(3)
    await tab_to(window, "Archive number 3")
    await press("Enter")
    await window.counts(2)
    await until_it_is(lambda: focus(window), "Undo number 3")
    await press("Enter")
    await window.counts(3)
    await tab_to(window, "Mark as read number 2")
    await press("Enter")
    await window.counts(2)
    await press("Escape")
    await expect(panel).to_be_hidden()
    assert "unread" in await focus(window)
    await press("Enter")
    await tab_to(window, "See all")
    await press("Enter")
    await page.wait_for_url(re.compile(f"{INBOX}$"))
    await shows(window, "number 3", "number 2", "number 1")
    await page.go_back()
    await window.is_live()
    await window.counts(2)
