"""What is updated or withdrawn, on an open screen, in a second tab, and on a device that was offline."""

import asyncio

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.preferences.conftest import CREW, INBOX, Kinds
from projects.harness.chromium import Window
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def held(text: str, *windows: Window) -> None:
    """Keep the toast of that text up in all of these, before it has gone from one: with the focus in it it stays."""
    buttons = [window.toast(text).get_by_role("button", name="Dismiss") for window in windows]
    await asyncio.gather(*(button.focus() for button in buttons))


async def test_new_words_take_the_place_of_the_old_in_every_tab_and_on_a_device_that_was_offline(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    phone = await device(place)
    laptop, eve = await device(place, phone.login), await device(place)
    # The one that is opened last is in front, and alone has toasts.
    there, here, away = await phone.live(INBOX), await phone.live(INBOX), await laptop.live(INBOX)
    await kinds.do("send", eve.person, phone.login)
    await held(kinds.first, here, away)
    unread = len(await phone.person.inbox())
    for window, toasts in ((here, 1), (there, 0), (away, 1)):
        await expect(window.item(kinds.first)).to_be_visible()
        await expect(window.toast(kinds.first)).to_have_count(toasts)
        await window.counts(unread)
    await away.page.evaluate("bellhop.stop()")

    assert await kinds.do("update", eve.person, phone.login) == {"changed": 1}
    for window in (here, there):
        await expect(window.item(kinds.then)).to_be_visible()
        await expect(window.item(kinds.first)).to_have_count(0)
    await expect(here.toast(kinds.then)).to_be_visible()
    await here.picture(f"{place.installation.project.folder}-updated")
    await expect(away.item(kinds.first)).to_be_visible()
    await expect(away.toast(kinds.first)).to_be_visible()
    await away.page.evaluate("bellhop.start()")
    await expect(away.item(kinds.then)).to_be_visible()
    await expect(away.toast(kinds.then)).to_be_visible()
    await eve.person.tell(phone.login, "the last one")
    for window in (here, there, away):
        # Told once, and counted once.
        await window.has_told(kinds.first, "the last one")
        await window.counts(unread + 1)


async def test_what_is_withdrawn_goes_from_lists_counts_and_toasts_and_from_a_device_that_was_offline(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    phone = await device(place)
    laptop, eve = await device(place, phone.login), await device(place)
    here, away = await phone.live(INBOX), await laptop.live(INBOX)
    foreign = await eve.live(INBOX)
    unread = len(await phone.person.inbox())
    for to in (phone.login, eve.login):
        await kinds.do("send", eve.person, to)
    await held(kinds.first, here, away, foreign)
    for window in (here, away, foreign):
        await expect(window.toast(kinds.first)).to_have_count(1)
    await away.page.evaluate("bellhop.stop()")

    # Somebody else's of the same key is another one.
    assert await kinds.do("withdraw", eve.person, phone.login) == {"changed": 1}
    assert await kinds.do("withdraw", eve.person, phone.login) == {"changed": 0}
    await expect(here.item(kinds.first)).to_have_count(0)
    await expect(here.toast(kinds.first)).to_have_count(0)
    await here.counts(unread)
    await expect(away.toast(kinds.first)).to_have_count(1)
    await away.page.evaluate("bellhop.start()")
    await expect(away.toast(kinds.first)).to_have_count(0)
    await expect(away.item(kinds.first)).to_have_count(0)
    await away.counts(unread)
    await expect(foreign.item(kinds.first)).to_be_visible()


async def test_what_has_expired_goes_from_an_open_screen(shop: Place, device: Devices) -> None:
    ada = await device(shop)
    window = await ada.live(INBOX)
    unread = len(await ada.person.inbox())
    answer = await ada.person.submit("/order/", to=ada.login, number="8", state="offered")
    assert answer.json() == {"is_refused": False}
    await expect(window.item("Order 8 is offered")).to_be_visible()
    await window.page.wait_for_timeout(1_000)  # until it is due
    done = shop.installation.manage("bellhop_work", "--once")
    assert done.returncode == 0, done.stderr
    await expect(window.item("Order 8 is offered")).to_have_count(0)
    await window.counts(unread)


async def test_a_kinds_own_icon_stands_in_list_and_toast_before_and_after_a_reload(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada = await device(place)
    window = await ada.live(INBOX)
    await kinds.do("send", ada.person, ada.login)
    await held(kinds.first, window)
    pictures = [window.toast(kinds.first).locator("img"), window.item(kinds.first).locator("img")]
    if kinds is CREW:
        for picture in pictures:
            await expect(picture).to_have_count(0)
        return
    for picture in pictures:
        await expect(picture).to_have_attribute("alt", "")
        await expect(picture).to_have_js_property("naturalWidth", 24)
    await window.picture("uuid_project-icon")
    await window.page.reload()
    await expect(pictures[1]).to_have_js_property("naturalWidth", 24)


async def test_each_reads_their_own_language(crew: Place, device: Devices) -> None:
    ada, eve = await device(crew), await device(crew, locale="de-DE")
    await eve.person.submit("/language/", language="de")
    shown, told = await ada.live(INBOX), await eve.live(INBOX)
    for who in (ada, eve):
        await CREW.do("send", ada.person, who.login)
    await shown.has_told("Your shift on Monday begins at 8:00")
    await told.has_told("Deine Schicht am Monday beginnt um 8:00")
    await CREW.do("update", ada.person, eve.login)
    await expect(told.item("Deine Schicht am Monday beginnt um 9:30")).to_be_visible()
    page = await eve.live("/notifications/preferences/")
    await expect(page.page.locator('[data-kind-row="shift"]')).to_contain_text("Schichten")
