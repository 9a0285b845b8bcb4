"""What somebody has chosen on the page holds in all of their tabs, and in nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, expect

from projects.chromium.conftest import Devices
from projects.chromium.preferences.conftest import INBOX, PAGE, Kinds
from projects.harness.chromium import Window
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


def row(window: Window, kind: str) -> Locator:
    return window.page.locator(f'[data-kind-row="{kind}"]')


async def frames_of(window: Window) -> list[str]:
    """Return a list that grows by what the window's socket is sent from now on; opens it anew."""
    frames: list[str] = []
    window.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda text: frames.append(str(text))),
    )
    await window.page.reload()
    await window.is_live()
    return frames


async def test_a_kind_that_is_muted_in_one_tab_costs_the_other_neither_a_frame_nor_a_gap(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada, eve = await device(place), await device(place)
    shown = await ada.live(INBOX)
    frames = await frames_of(shown)
    chosen = await ada.live(PAGE)
    await row(chosen, kinds.name).get_by_label("For how long").select_option("8h")
    await row(chosen, kinds.name).get_by_role("button", name=f"Mute {kinds.label}").click()
    await expect(chosen.page.locator("#bellhop-said")).to_contain_text(
        f"“{kinds.label}” is muted until"
    )
    await expect(chosen.page.locator("#bellhop-said")).to_be_focused()
    await expect(row(chosen, kinds.name)).to_contain_text("Muted until")

    before = await ada.person.inbox()
    assert await kinds.do("send", eve.person, ada.login) == {"is_refused": True}
    assert await kinds.do("send", eve.person, eve.login) == {"is_refused": False}
    await eve.person.tell(ada.login, "something else")
    await kinds.do("alarm", eve.person, ada.login)
    await shown.has_told("something else", kinds.alarm_text)
    await expect(shown.item("something else")).to_be_visible()
    await expect(shown.item(kinds.first)).to_have_count(0)
    after = await ada.person.inbox()
    seqs = [each["seq"] for each in after]
    assert seqs == list(range(seqs[0], seqs[0] + len(before) + 2))
    assert not [frame for frame in frames if kinds.first in frame]
    assert [each["message"] for each in await eve.person.inbox()][-1] == kinds.first

    await chosen.page.reload()
    await expect(row(chosen, kinds.name)).to_contain_text("1 was kept out")
    await chosen.page.get_by_role("button", name=f"Turn on {kinds.label}").click()
    await expect(row(chosen, kinds.name)).not_to_contain_text("Muted until")
    assert await kinds.do("send", eve.person, ada.login) == {"is_refused": False}
    await shown.has_told("something else", kinds.alarm_text, kinds.first)
    assert (await ada.person.inbox())[-1]["seq"] == seqs[-1] + 1


async def test_what_cannot_be_muted_says_so_and_has_no_switch(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    window = await (await device(place)).live(PAGE)
    alarm = window.page.get_by_role("row").filter(has_text=kinds.alarm_label)
    await expect(alarm).to_contain_text("Cannot be muted")
    await expect(alarm.get_by_role("checkbox")).to_have_count(0)
    other = window.page.get_by_role("row").filter(has_text=kinds.label)
    await expect(other.get_by_role("checkbox")).to_have_count(2)
    await expect(other.get_by_role("checkbox", name=f"{kinds.label} As a toast")).to_be_checked()


async def test_a_switch_is_moved_by_the_keyboard_and_then_it_is_only_listed(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada, eve = await device(place), await device(place)
    shown = await ada.live(INBOX)
    chosen = await ada.live(PAGE)
    await chosen.page.get_by_role("checkbox", name=f"{kinds.label} As a toast").focus()
    await chosen.page.keyboard.press("Space")
    await chosen.page.get_by_role("button", name="Save", exact=True).focus()
    await chosen.page.keyboard.press("Enter")
    await expect(chosen.page.locator("#bellhop-said")).to_contain_text("Saved.")
    await chosen.is_live()
    assert await kinds.do("send", eve.person, ada.login) == {"is_refused": False}
    await shown.has_told(kinds.first)
    await expect(shown.item(kinds.first)).to_be_visible()
    await kinds.do("alarm", eve.person, ada.login)
    await chosen.shows_toast(kinds.alarm_text)
    await expect(chosen.toast(kinds.first)).to_have_count(0)


async def test_in_quiet_hours_it_is_listed_and_counted_and_only_what_is_important_is_told(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada = await device(place, timezone_id="Asia/Kathmandu")
    eve = await device(place)
    shown = await ada.live(INBOX)
    chosen = await ada.live(PAGE)
    # Of the browser, by another name where it knows an older one.
    await expect(chosen.page.get_by_label("Time zone")).to_have_value("Asia/Katmandu")
    now = datetime.now(UTC)
    await chosen.page.get_by_label("From").fill(f"{now - timedelta(hours=2):%H:%M}")
    await chosen.page.get_by_label("Until").fill(f"{now + timedelta(hours=2):%H:%M}")
    await chosen.page.get_by_label("Time zone").select_option("UTC")
    await chosen.page.get_by_role("button", name="Save quiet hours").click()
    await expect(chosen.page.locator("#bellhop-said")).to_contain_text("Quiet hours: ")
    await chosen.is_live()

    unread = len(await ada.person.inbox())
    await kinds.do("send", eve.person, ada.login)
    await kinds.do("alarm", eve.person, ada.login)
    await expect(shown.item(kinds.first)).to_be_visible()
    await chosen.shows_toast(kinds.alarm_text)
    await expect(chosen.toast(kinds.first)).to_have_count(0)
    await shown.counts(unread + 2)
    assert [each.get("toast") for each in (await ada.person.inbox())[-2:]] == [False, None]

    await chosen.page.get_by_role("button", name="Turn off").click()
    await expect(chosen.page.locator("#bellhop-said")).to_contain_text("Quiet hours are off.")
    await chosen.is_live()
    await eve.person.tell(ada.login, "good morning")
    await chosen.shows_toast("good morning")


async def test_times_are_in_the_browsers_zone_until_another_is_chosen_and_name_it(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    window = await (await device(place, timezone_id="Asia/Tokyo")).live(PAGE)
    page = window.page
    await row(window, kinds.name).get_by_label("For how long").select_option("1h")
    await page.get_by_role("button", name=f"Mute {kinds.label}").click()
    await expect(row(window, kinds.name).get_by_role("time")).to_contain_text("(Asia/Tokyo)")
    await page.get_by_label("From").fill("22:00")
    await page.get_by_label("Until").fill("07:00")
    await page.get_by_label("Time zone").select_option("Europe/Berlin")
    await page.get_by_role("button", name="Save quiet hours").click()
    await expect(row(window, kinds.name).get_by_role("time")).to_contain_text("(Europe/Berlin)")
    await page.get_by_role("button", name="Turn off").click()
    await expect(page.locator("#bellhop-said")).to_contain_text("Quiet hours are off.")
    await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await expect(row(window, kinds.name).get_by_role("time")).to_contain_text("(Europe/Berlin)")


async def test_all_of_it_works_without_javascript(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada = await device(place, java_script_enabled=False)
    window = await ada.window(INBOX)
    page = window.page
    await page.get_by_role("link", name="Preferences").click()
    await page.get_by_role("checkbox", name=f"{kinds.label} In the list").uncheck()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#bellhop-said")).to_contain_text("Saved.")
    await expect(
        page.get_by_role("checkbox", name=f"{kinds.label} In the list")
    ).not_to_be_checked()
    assert await kinds.do("send", ada.person, ada.login) == {"is_refused": True}
    await page.get_by_role("combobox", name="Everything For how long").select_option("always")
    await page.get_by_role("button", name="Mute Everything").click()
    await expect(page.locator("#bellhop-said")).to_contain_text(
        "Everything is muted until you turn it on again."
    )
    await page.get_by_role("button", name="Turn on Everything").click()
    await expect(page.locator("#bellhop-said")).to_contain_text("Everything is on again.")
    await page.get_by_label("From").fill("22:00")
    await page.get_by_label("Until").fill("22:00")
    await page.get_by_role("button", name="Save quiet hours").click()
    window.forgive("status of 400")
    await expect(page.get_by_label("Until")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("From")).to_have_value("22:00")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download my notifications").click()
    assert (await download.value).suggested_filename == "notifications.json"
    await page.get_by_role("link", name="Delete all my notifications").click()
    await page.get_by_role("link", name="Keep them").click()
    await page.get_by_role("link", name="Delete all my notifications").click()
    await page.get_by_role("button", name="Delete everything").click()
    await expect(page.locator("#bellhop-said")).to_contain_text("Deleted: ")
    await expect(page.get_by_role("checkbox", name=f"{kinds.label} In the list")).to_be_checked()
    assert await ada.person.inbox() == []
    await page.get_by_role("link", name="Notifications", exact=True).last.click()
    await expect(page.locator("[data-empty]:visible")).to_have_attribute("data-empty", "caught-up")


async def test_a_page_of_somebody_who_is_gone_mutes_nothing_of_whoever_came(
    adopter: tuple[Place, Kinds], device: Devices
) -> None:
    place, kinds = adopter
    ada, eve = await device(place), await device(place)
    window = await ada.live(PAGE)
    # Not the token's cookie: a form of before would be refused for that alone.
    (session,) = [each for each in eve.person.cookie_jar if "session" in each.name]
    cookie = {"name": session.name, "value": session.value or "", "url": eve.person.origin}
    await ada.context.add_cookies([cookie])  # type: ignore[list-item]
    await window.page.get_by_role("button", name=f"Mute {kinds.label}").click()
    await expect(window.page.locator("body")).to_contain_text("Somebody else signed in")
    assert await kinds.do("send", ada.person, eve.login) == {"is_refused": False}
    assert await kinds.do("send", eve.person, ada.login) == {"is_refused": False}
