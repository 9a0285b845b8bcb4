"""The panel of the bell: it opens, is live, and what is done in it is done everywhere."""

import re

import pytest
from playwright.async_api import expect

from projects.chromium.bell.conftest import with_whitenoise
from projects.chromium.conftest import Devices
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Place:
    """The one whose static files have hashed names, by which the panel's script is hardest to find."""
    return with_whitenoise(request.getfixturevalue)


async def test_to_look_at_what_came_makes_the_bell_quiet_on_each_device_and_reads_nothing(
    place: Place, device: Devices
) -> None:
    phone = await device(place)
    laptop = await device(place, phone.login)
    outsider = await device(place)
    here, there = await phone.live(), await laptop.live()
    await outsider.person.tell(phone.login, "your order was sent")
    unread = len(await phone.person.inbox())
    for window in (here, there):
        await expect(window.by("bell-count")).to_have_attribute("data-loud", "true")
    await expect(there.by("bell")).to_have_accessible_name(re.compile("new"))

    await here.to_front()
    await here.by("bell").click()
    await expect(here.by("panel-row").first).to_contain_text("your order was sent")
    await expect(here.by("panel-row").first).to_have_attribute("data-read", "false")
    for window in (here, there):
        await expect(window.by("bell-count")).to_have_attribute("data-loud", "false")
        await window.counts(unread)

    await outsider.person.tell(phone.login, "and another")
    await expect(there.by("bell-count")).to_have_attribute("data-loud", "false")
    await expect(here.by("panel-row").first).to_contain_text("and another")
    for window in (here, there):
        await window.counts(unread + 1)


async def test_what_is_put_away_in_the_panel_comes_back_and_what_is_read_is_read_everywhere(
    place: Place, device: Devices
) -> None:
    phone = await device(place)
    laptop = await device(place, phone.login)
    outsider = await device(place)
    await outsider.person.tell(phone.login, "keep me")
    here, there = await phone.live(), await laptop.live("/notifications/")
    await expect(there.item("keep me")).to_have_count(1)
    await here.to_front()
    await here.by("bell").click()
    row = here.by("panel-row").filter(has_text="keep me")
    await (
        row.get_by_role("button", name="Archive, keep me")
        .or_(row.get_by_role("button", name="Archive keep me"))
        .click()
    )
    await expect(there.item("keep me")).to_have_count(0)
    await here.page.keyboard.press("Enter")  # The focus is on "Undo".
    await expect(there.item("keep me")).to_have_count(1)
    await row.get_by_role("button", name=re.compile("^Mark as read")).click()
    await expect(there.item("keep me")).to_have_attribute("data-read", "true")
    await expect(row).to_have_attribute("data-read", "true")


async def test_the_keyboard_opens_it_and_comes_back_to_the_bell(
    place: Place, device: Devices
) -> None:
    ada = await device(place)
    window = await ada.live()
    await window.by("bell").focus()
    await window.page.keyboard.press("Enter")
    await expect(window.page.get_by_role("dialog", name="Notifications")).to_be_visible()
    await expect(window.by("bell")).to_have_attribute("aria-expanded", "true")
    await window.page.keyboard.press("Escape")
    await expect(window.by("panel")).to_be_hidden()
    await expect(window.by("bell")).to_be_focused()
    await expect(window.by("bell")).to_have_attribute("aria-expanded", "false")


async def test_do_not_disturb_lasts_over_pages_and_lists_what_comes_without_a_toast(
    place: Place, device: Devices
) -> None:
    ada, eve = await device(place), await device(place)
    window = await ada.live()
    await window.by("bell").click()
    await window.by("panel-quiet").select_option("hour")
    await expect(window.by("panel-quiet")).to_have_value("on")
    await eve.person.tell(ada.login, "quietly")
    await expect(window.by("panel-row").first).to_contain_text("quietly")
    await window.page.reload()
    await window.is_live()
    await expect(window.toast("quietly")).to_have_count(0)
    await window.by("bell").click()
    await expect(window.by("panel-quiet")).to_have_value("on")
    await window.by("panel-quiet").select_option("off")
    # Until the server has answered nothing else can be chosen.
    await expect(window.by("panel-quiet")).to_be_enabled()
    await eve.person.tell(ada.login, "aloud")
    await window.shows_toast("aloud")


async def test_where_the_panel_cannot_be_had_the_bell_leads_to_the_page(
    place: Place, device: Devices
) -> None:
    ada = await device(place)
    window = await ada.live()
    window.forgive("panel")
    window.forgive("Failed to load resource")
    window.forgive("dynamically imported module")
    await window.page.route(re.compile(r"/panel\..*js"), lambda route: route.abort())
    await window.by("bell").click()
    await expect(window.page).to_have_url(re.compile("/notifications/$"))
