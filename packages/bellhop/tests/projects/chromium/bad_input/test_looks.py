"""A project's own styles and a person's own colours: everything stays to be seen, and what is hidden hidden."""

import re
from typing import Any

import pytest
from playwright.async_api import FloatRect, Locator, expect

from projects.chromium.conftest import Devices
from projects.harness.chromium import Profile, Window
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

INBOX = "/notifications/"


async def inbox(pages: Place, device: Devices, look: str, **options: Any) -> tuple[Profile, Window]:
    """Open somebody's inbox page in that look, with one notification that was read, one that was not and a toast."""
    ada, eve = await device(pages, **options), await device(pages)
    await eve.person.tell(ada.login, "an older one")
    window = await ada.live(f"{INBOX}?look={look}")
    await window.counts(1)
    await window.item("an older one").get_by_role("button", name="Mark as read").click()
    await window.counts(0)
    # While somebody is in the list, with pointer or focus, nothing is put into it.
    await window.page.mouse.move(1, 1)
    await window.page.locator("#bellhop-inbox-title").focus()
    await eve.person.tell(ada.login, "the newest one", url="/two-bells/")
    # Under somebody's hand a toast stays.
    await window.toast("the newest one").hover()
    await window.shows_toast("the newest one")
    await window.counts(1)
    await window.picture(f"bad-input-look-{look}")
    return ada, window


async def box(locator: Locator) -> FloatRect:
    found = await locator.bounding_box()
    assert found is not None
    return found


async def style(locator: Locator, name: str) -> str:
    value = await locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return str(value)


async def lightness(locator: Locator, name: str) -> float:
    """Return how light a colour of an element is, from 0 to 1."""
    value = await style(locator, name)
    channels = [float(part) for part in re.findall(r"[\d.]+", value)]
    assert len(channels) == 3 or channels[3] == 1, value
    return sum(channels[:3]) / 3 / 255


async def test_a_rule_that_unsets_everything_leaves_bell_toast_and_list_in_use(
    pages: Place, device: Devices
) -> None:
    _, window = await inbox(pages, device, "unset")
    bell = await box(window.by("bell"))
    assert min(bell["width"], bell["height"]) >= 40
    # The bell's own fallback, which is for pages without scripts, is not seen.
    await expect(window.page.get_by_role("link", name="Notifications", exact=True)).to_be_hidden()
    toast = window.toast("the newest one")
    place, size = await box(toast), window.page.viewport_size
    assert size
    assert place["x"] + place["width"] > size["width"] - 50
    assert place["y"] + place["height"] > size["height"] - 50
    assert await lightness(toast, "backgroundColor") > 0.9
    assert await lightness(toast, "color") < 0.3
    await expect(toast.get_by_role("link")).to_be_visible()

    newest, older = window.item("the newest one"), window.item("an older one")
    assert (await box(newest))["y"] < (await box(older))["y"]
    await expect(newest.get_by_role("button", name="Mark as unread")).to_be_hidden()
    await newest.get_by_role("button", name="Mark as read").click()
    await expect(newest).to_have_attribute("data-read", "true")
    await window.counts(0)
    await expect(window.page.locator("[data-empty]").filter(visible=True)).to_have_count(0)


async def test_in_a_dark_page_they_are_dark(pages: Place, device: Devices) -> None:
    _, window = await inbox(pages, device, "dark", color_scheme="dark")
    toast, item = window.toast("the newest one"), window.item("the newest one")
    for shown in (toast, item):
        assert await lightness(shown, "backgroundColor") < 0.3
    assert await lightness(window.by("toast-message"), "color") > 0.7
    assert await lightness(item.locator("[data-message]"), "color") > 0.6
    assert await lightness(window.by("bell"), "color") > 0.7


async def test_in_forced_colours_the_badge_has_a_border_and_the_signs_are_drawn(
    pages: Place, device: Devices
) -> None:
    _, window = await inbox(pages, device, "forced", forced_colors="active")
    await expect(window.by("bell-count")).to_be_visible()
    assert await style(window.by("bell-count"), "borderTopStyle") == "solid"
    assert await style(window.toast("the newest one"), "borderTopStyle") == "solid"


async def test_where_one_reads_from_right_to_left_toasts_are_at_the_left(
    pages: Place, device: Devices
) -> None:
    _, window = await inbox(pages, device, "rtl")
    toast = await box(window.toast("the newest one"))
    assert toast["x"] < 50
    bell, badge = await box(window.by("bell")), await box(window.by("bell-count"))
    assert badge["x"] + badge["width"] / 2 < bell["x"] + bell["width"] / 2
    dismiss = await box(window.toast("the newest one").get_by_role("button"))
    message = await box(window.by("toast-message"))
    assert dismiss["x"] < message["x"]
