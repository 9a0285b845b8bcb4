"""The page of preferences as it looks: pictures to look at, and that nothing of it sticks out."""

from typing import Any

import pytest
from playwright.async_api import ViewportSize, expect

from projects.chromium.conftest import Devices
from projects.chromium.preferences.conftest import INBOX, PAGE, Kinds
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1200, "height": 900}


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone-dark", "desk-light"]
)
async def test_it_fits_on_phone_and_desk_by_day_and_by_night(
    adopter: tuple[Place, Kinds], device: Devices, size: ViewportSize, scheme: Any
) -> None:
    place, kinds = adopter
    ada = await device(place, viewport=size, color_scheme=scheme)
    window = await ada.live(PAGE)
    page = window.page
    await page.add_style_tag(content=":root { color-scheme: light dark; font-family: sans-serif }")
    await page.evaluate("document.documentElement.style.colorScheme = 'light dark'")
    name = f"{place.installation.project.folder}-preferences-{size['width']}-{scheme}"
    await _fits(page)
    await window.picture(name)
    await page.get_by_role("checkbox", name=f"{kinds.label} In the list").uncheck()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Not in the list, so nowhere else either")).to_be_visible()
    await page.get_by_role("button", name=f"Mute {kinds.label}").click()
    await expect(page.locator("#bellhop-said")).to_contain_text("is muted until")
    assert await kinds.do("send", ada.person, ada.login) == {"is_refused": True}
    await page.reload()
    await expect(page.get_by_text("was kept out")).to_be_visible()
    await page.get_by_label("From").fill("22:00")
    await page.get_by_label("Until").fill("22:00")
    await page.get_by_role("button", name="Save quiet hours").click()
    window.forgive("status of 400")
    await expect(page.get_by_label("Until")).to_be_focused()
    await page.evaluate("document.documentElement.style.colorScheme = 'light dark'")
    await _fits(page)
    await page.screenshot(path=_path(name + "-mistake"), full_page=True)
    await page.get_by_label("Until").fill("07:00")
    await page.get_by_role("button", name="Save quiet hours").click()
    off = page.get_by_role("button", name="Turn off")
    await expect(off).to_have_css(
        "border-color", await _css(page, "Save quiet hours", "border-color")
    )
    await expect(off).to_have_css("color", await _css(page, "Save quiet hours", "color"))
    await page.evaluate("document.documentElement.style.colorScheme = 'light dark'")
    await _fits(page)
    await page.screenshot(path=_path(name + "-quiet"), full_page=True)
    content = "document.querySelector('.bellhop-inbox').getBoundingClientRect().left"
    left = await page.evaluate(content)
    await window.goto(INBOX)
    assert await page.evaluate(content) == left, "list and preferences stand below each other"
    await window.goto(f"{PAGE}erase/")
    await page.evaluate("document.documentElement.style.colorScheme = 'light dark'")
    await _fits(page)
    await window.picture(name + "-erase")


async def _css(page: Any, button: str, name: str) -> str:
    found = page.get_by_role("button", name=button)
    value: str = await found.evaluate(
        "(each, name) => getComputedStyle(each).getPropertyValue(name)", name
    )
    return value


async def _fits(page: Any) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 0
    outside = """[...document.querySelectorAll(".bellhop-card *")].filter((element) =>
        element.checkVisibility() && !element.matches(".bellhop-unseen, option, optgroup") &&
        element.getBoundingClientRect().right > element.closest(".bellhop-card").getBoundingClientRect().right + 1
    ).map(({ outerHTML }) => outerHTML.slice(0, 100))"""
    assert await page.evaluate(outside) == []


def _path(name: str) -> Any:
    from projects.harness.chromium import ARTIFACTS

    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS / f"{name}.png"
