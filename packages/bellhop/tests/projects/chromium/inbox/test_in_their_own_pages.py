"""The page and the bell in the base templates of two projects that are not ours, one of which has a part of its own."""

import pytest
from playwright.async_api import expect

from projects.chromium.axe import violations
from projects.chromium.bell.conftest import in_development, with_whitenoise
from projects.chromium.conftest import Devices
from projects.chromium.inbox.conftest import INBOX
from projects.chromium.inbox.looking import DESK, PHONE, box, button, fits, leave
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(params=[in_development, with_whitenoise], ids=["uuid", "cookie"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.param(request.getfixturevalue)
    return found


async def test_page_panel_and_preferences_stand_in_a_projects_own_base(
    place: Place, device: Devices
) -> None:
    ada, eve = await device(place, viewport=DESK), await device(place)
    name = place.installation.project.folder
    title = {"uuid_project": "Shop", "cookie_project": "Crew"}[name]
    for text in ("one", "two", "three"):
        await eve.person.tell(ada.login, text)
    window = await ada.live("/")
    page = window.page
    await expect(page).to_have_title(title)
    await window.goto(INBOX)
    await window.is_live()
    await button(window, "Archive", "two").click()
    await leave(window)
    await expect(window.item("two")).to_have_count(0)
    await page.locator("[data-done]").get_by_role("button", name="Undo").click()
    await leave(window)
    await expect(window.item("two")).to_be_visible()
    await fits(window)
    await window.picture(f"{name}-inbox-desk")
    assert await violations(page, "bellhop-inbox") == []
    await page.set_viewport_size(PHONE)
    await fits(window)
    await window.picture(f"{name}-inbox-phone")
    await button(window, "Mark as read", "one").click()
    await expect(page.locator("[data-done]")).to_be_visible()
    done, bell = await box(page.locator("[data-done]")), await box(window.by("bell"))
    assert bell["y"] + bell["height"] <= done["y"], "what was done is told below the bell"
    await window.picture(f"{name}-done-phone")
    await window.by("bell").click()
    await expect(window.by("panel-row").first).to_contain_text("three")
    await window.picture(f"{name}-panel-phone")
    await page.set_viewport_size(DESK)
    await fits(window)
    await window.picture(f"{name}-panel-desk")
    assert await violations(page, "bellhop-bell") == []
    await page.keyboard.press("Escape")
    # A part of the page that the project has replaced, and that the other one has not.
    await page.goto(f"{ada.person.origin}{INBOX}?view=archived")
    own = page.get_by_text("The crew has put nothing away.")
    await expect(own).to_have_count(1 if title == "Crew" else 0)
    await expect(page.locator("[data-empty=archive]")).to_be_visible()


async def test_the_page_is_in_the_language_of_its_reader_and_turned_round_for_arabic(
    request: pytest.FixtureRequest, device: Devices
) -> None:
    crew = with_whitenoise(request.getfixturevalue)
    for locale, side, heading in (("ar", "rtl", "الإشعارات"), ("de-DE", "ltr", "Mitteilungen")):
        ada = await device(crew, locale=locale, viewport=DESK)
        await ada.person.tell(ada.login, "one")
        window = await ada.live(INBOX)
        await expect(window.page.locator("html")).to_have_attribute("dir", side)
        await expect(window.page.locator("h1")).to_have_text(heading)
        await window.by("bell").click()
        await expect(window.by("panel-row")).to_have_count(len(await ada.person.inbox()))
        await fits(window)
        await window.picture(f"cookie_project-{side}-panel")
        await window.page.keyboard.press("Escape")
        await window.item("one").get_by_role("button").last.click()
        await expect(window.page.locator("[data-done]")).to_be_visible()
        await window.picture(f"cookie_project-{side}-inbox")
        await window.page.set_viewport_size(PHONE)
        await fits(window)
        await window.picture(f"cookie_project-{side}-phone")
