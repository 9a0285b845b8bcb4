"""Each state the inbox page can be in: its words, what axe says in every scheme, and pictures to look at."""

import re

import pytest
from playwright.async_api import expect

from projects.chromium.axe import violations
from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import DESK, button, fits, leave, looked_at, shows
from projects.harness.chromium import Window
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARABIC = {"text": "تم شحن طلبك رقم 7!", "body": "سيصل يوم الاثنين بين الساعة 9 و12."}


async def empty(window: Window, why: str, words: str) -> None:
    """Wait until the page says why nothing is listed, and nothing else of that."""
    await expect(window.page.locator("[data-empty]:visible")).to_have_attribute("data-empty", why)
    await expect(window.page.locator("[data-empty]:visible h2")).to_have_text(words)
    await looked_at(window, f"empty-{why}")


async def test_why_nothing_is_listed_is_said_as_it_is(pages: Place, device: Devices) -> None:
    ada = await device(pages, viewport=DESK)
    window = await ada.live(INBOX)
    await empty(window, "first", "Nothing here yet")
    await window.goto(f"{INBOX}?view=archived")
    await empty(window, "archive", "Nothing is archived")
    await ada.person.tell(ada.login, "one", kind="order")
    await window.goto(INBOX)
    await button(window, "Archive", "one").click()
    await empty(window, "caught-up", "All caught up")
    await window.goto(f"{INBOX}?q=nowhere")
    await empty(window, "filter", "Nothing found")


async def test_lists_filters_panel_toasts_and_help_are_for_everybody_in_every_scheme(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages, viewport=DESK)
    for number in range(1, 4):
        words = {"text": f"Order 7, part {number}", "kind": "order", "thread": "order 7"}
        await ada.person.tell(ada.login, **words, body="With a line about it. " * 20)
    await ada.person.tell(ada.login, "The newest", url="/two-bells/", body="It leads somewhere.")
    await ada.person.tell(ada.login, **ARABIC)
    window = await ada.live(INBOX)
    page = window.page
    await button(window, "Mark as read", "The newest").click()
    await expect(window.item("The newest")).to_have_attribute("data-read", "true")
    await leave(window)
    await page.locator("summary").click()
    await page.get_by_role("checkbox", name="The newest").check()
    await looked_at(window, "list")
    await page.get_by_role("checkbox", name="The newest").uncheck()
    await ada.person.tell(ada.login, "Please come", kind="alarm", body="All of you.")
    await ada.person.tell(ada.login, "Please come again", kind="alarm")
    await window.shows_toast("Please come again")
    await looked_at(window, "toasts")
    await window.by("bell").click()
    await expect(window.by("panel-row")).to_have_count(7)
    await looked_at(window, "panel")
    await page.keyboard.press("Escape")
    await leave(window)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await looked_at(window, "help")
    await page.keyboard.press("Escape")

    await window.item("The newest").locator("[data-permalink]").click()
    await expect(page.locator("h1")).to_have_text("The newest")
    await looked_at(window, "permalink")
    for query in ("view=unread", "kind=order", "q=order", "view=archived&kind=order&q=order"):
        await window.goto(f"{INBOX}?{query}")
        await window.is_live()
        assert await violations(page) == []
    await window.goto(f"{INBOX}?q=order")
    await looked_at(window, "search")
    await window.goto(f"{INBOX}preferences/")
    await looked_at(window, "preferences")

    await window.goto(f"{INBOX}?look=rtl")
    await window.is_live()
    await page.locator("summary").click()
    await looked_at(window, "rtl")
    await window.by("bell").click()
    await expect(window.by("panel-row")).to_have_count(7)
    await looked_at(window, "rtl-panel")


async def test_offline_reconnecting_and_a_server_that_is_away_are_said_as_of_when(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages, viewport=DESK)
    await ada.person.tell(ada.login, "number #", times="51")
    window = await ada.live(f"{INBOX}?q=51")
    window.forgive("ERR_|WebSocket connection to .* failed|could not|request failed|status of 50")
    standing = window.page.locator("[data-standing]")
    await expect(standing).to_be_hidden()
    await ada.context.set_offline(True)
    # Within seconds, on a machine that is not this busy; the beat would find it out after a minute.
    await expect(standing).to_have_text(re.compile("^You are offline.* as of "))
    await expect(window.by("connection")).to_have_text("Offline")
    await looked_at(window, "offline")
    await button(window, "Archive", "number 51").click()
    done = window.page.locator("[data-done-text]")
    await expect(done).to_have_text("You are offline, so nothing was changed.")
    await expect(window.item("number 51")).to_be_visible()
    await ada.context.set_offline(False)
    await expect(standing).to_be_hidden()

    front = pages.installation.program(pages.web)
    front.kill()
    await expect(standing).to_have_text(re.compile("^Reconnecting… .* as of "))
    await looked_at(window, "reconnecting")
    await expect(standing).to_have_text(re.compile("^The server does not answer.* as of "))
    await looked_at(window, "server-away")
    front.start()
    await expect(standing).to_be_hidden(timeout=60_000)

    await window.goto(INBOX)
    await window.is_live()
    await ada.context.set_offline(True)
    await window.page.get_by_role("link", name="Older notifications").click()
    failed = window.page.locator("[data-load-failed]")
    await expect(failed).to_contain_text("Older notifications could not be loaded.")
    await failed.scroll_into_view_if_needed()
    await window.picture("inbox-load-failed-desk-light")
    assert await violations(window.page, "[data-load-failed]") == []
    await ada.context.set_offline(False)
    await window.is_live()
    await failed.get_by_role("button", name="Try again").click()
    await expect(window.by("notification")).to_have_count(51)
    await expect(failed).to_be_hidden()


async def test_a_session_that_has_ended_leaves_nothing_of_anybody_on_the_screen(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages, viewport=DESK), await device(pages)
    await ada.person.tell(ada.login, "number #", times="3")
    window, foreign = await ada.live(INBOX), await eve.live(INBOX)
    await expect(window.page).to_have_title("(3) Notifications")
    await window.by("bell").click()
    await expect(window.by("panel-row")).to_have_count(3)
    await ada.person.log_out()
    await expect(window.page.locator("[data-bellhop-signed-out]").first).to_be_visible()
    await shows(window)
    await expect(window.by("panel-row")).to_have_count(0)
    await expect(window.page).to_have_title("Notifications")
    await window.counts(0)
    await window.page.keyboard.press("Escape")
    await looked_at(window, "ended")
    assert "number" not in await window.page.locator("main").inner_text()
    await expect(foreign.by("connection")).to_have_attribute("data-state", "open")
    await fits(foreign)
