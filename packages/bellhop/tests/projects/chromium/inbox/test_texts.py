"""Whatever a text holds is shown as text, where one reads it, and no longer than a page can bear."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import DESK, ENLARGED, PHONE, box, fits, shows
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKUP = "<img src=x onerror='window.ran = 1'><script>window.ran = 2</script>"
ARABIC = "تم شحن طلبك رقم 7!"
OVERRIDE = "Invoice \u202egpj.exe"


async def test_no_markup_and_no_address_of_a_script_becomes_more_than_text(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live(INBOX)
    address = "javascript:window.ran=3"
    for text in (MARKUP, f"again {MARKUP}"):
        await ada.person.tell(ada.login, text, body=MARKUP, thread=MARKUP)
        await window.shows_toast(text)
    # Past all checks of what an address may be, and what a kind is called.
    fields = {"to": ada.login, "text": "past", "url": address, "kind": "<b>bold", "body": MARKUP}
    await ada.person.submit("/past/", **fields)
    await expect(window.item("past")).to_have_count(1)
    for path in (INBOX, f"{INBOX}?q=%22%3E%3Cscript%3Ewindow.ran%3D4%3C%2Fscript%3E", INBOX):
        await window.goto(path)
        await window.is_live()
        await window.by("bell").click()
        await expect(window.by("panel-row").first).to_be_visible()
        made = "bellhop-inbox :is(img[src=x], script, b), [href^='javascript']"
        await expect(window.page.locator(made)).to_have_count(0)
        await expect(window.by("panel").locator(made)).to_have_count(0)
        assert await window.page.evaluate("window.ran") is None
        await window.page.keyboard.press("Escape")
    permalink = window.item(f"again {MARKUP}").first.locator("[data-permalink]").first
    await permalink.click()
    await expect(window.page.locator("h1")).to_have_text(f"again {MARKUP}")
    assert await window.page.evaluate("window.ran") is None


async def test_each_text_is_read_from_its_own_side_and_turns_no_other_round(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    await ada.person.tell(ada.login, "before")
    window = await ada.live(INBOX)
    for text in (ARABIC, OVERRIDE):
        await ada.person.tell(ada.login, text, body=text)
    for _ in range(2):
        message = window.item(ARABIC).locator("[data-message]")
        await expect(message).to_have_css("direction", "rtl")
        await expect(window.item(ARABIC).locator("[data-body]")).to_have_css("direction", "rtl")
        await expect(window.item("before").locator("[data-message]")).to_have_css(
            "direction", "ltr"
        )
        for name in ("[data-message]", "[data-body]"):
            isolated = window.item("Invoice").locator(name)
            await expect(isolated).to_have_css("unicode-bidi", "isolate")
        # What it turns round it holds by itself: the words behind it stand where they always stand.
        archive, other = (
            window.item(text).get_by_role("button", name="Archive")
            for text in ("Invoice", "before")
        )
        assert (await box(archive))["x"] == (await box(other))["x"]
        await window.page.reload()
        await window.is_live()


async def test_a_text_of_twenty_thousand_characters_takes_three_lines_until_it_is_unfolded(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    long, unbroken = "A long story. " * 1_428, "x" * 20_000
    await ada.person.tell(ada.login, "short", body="One line.")
    await ada.person.tell(ada.login, "unbroken", body=unbroken)
    await ada.person.tell(ada.login, unbroken[:2_000])
    window = await ada.live(INBOX)
    await ada.person.tell(ada.login, "long", body=long)
    await expect(window.item("long")).to_be_visible()
    await expect(window.item("short").locator("[data-more]")).to_be_hidden()
    for name, size in (("desk", DESK), ("phone", PHONE), ("enlarged", ENLARGED)):
        await window.page.set_viewport_size(size)
        for row in (window.item("long"), window.item("unbroken")):
            await expect(row.locator("[data-more]")).to_have_text("Show more")
            assert (await box(row.locator("[data-body]")))["height"] < 100
        await fits(window)
        await window.picture(f"inbox-long-{name}")
    more = window.item("long").locator("[data-more]")
    await more.click()
    await expect(more).to_have_attribute("aria-expanded", "true")
    await expect(more).to_have_text("Show less")
    assert (await box(window.item("long").locator("[data-body]")))["height"] > 1_000
    await fits(window)
    await more.click()
    assert (await box(window.item("long").locator("[data-body]")))["height"] < 100
    # All of it is on the page of its own.
    await window.item("long").locator("[data-permalink]").click()
    await expect(window.page.locator("[data-body]")).to_have_text(long.strip())
    await fits(window)


async def test_a_row_of_nothing_but_spaces_has_a_word_all_the_same(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live(INBOX)
    await ada.person.submit("/past/", to=ada.login, text="   ")
    rows = window.by("notification")
    for _ in range(2):
        await expect(rows).to_have_count(1)
        assert (await rows.locator("[data-message]").inner_text()).strip()
        await window.page.reload()
    await shows(window, await rows.locator("[data-message]").inner_text())
