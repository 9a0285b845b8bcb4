"""Libraries that swap parts of a page, or all of it: the bell stays connected, is one, and never shows an old count."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.elements.sampler import sample, samples
from projects.harness.chromium import Window
from projects.harness.fronts import Place
from projects.harness.tabs import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def follow(window: Window, text: str, place: str) -> None:
    """Click a link of the page; wait until the other page is there, in the same document."""
    await window.page.get_by_role("link", name=text).click()
    await is_at(window, place)


async def is_at(window: Window, place: str) -> None:
    await expect(window.page.get_by_role("heading")).to_have_text(place)
    assert await window.page.evaluate("() => window.stays")


async def is_one(window: Window) -> None:
    """The document has one bell and one layer of toasts, and has had one socket."""
    await expect(window.by("bell")).to_have_count(1)
    await expect(window.page.locator("bellhop-toasts")).to_have_count(1)
    await expect(window.by("connection")).to_have_attribute("data-state", "open")
    assert len(window.sockets) == 1


@pytest.mark.parametrize("library", ["htmx-2", "htmx-4", "turbo"])
async def test_visits_and_the_way_back_neither_reconnect_nor_double_nor_show_an_old_count(
    pages: Place, device: Devices, library: str
) -> None:
    ada, eve = await device(pages), await device(pages)
    window = await ada.live(f"/{library}/first/")
    await sample(window)
    await eve.person.tell(ada.login, "one")
    await window.toast("one").hover()
    await window.counts(1)
    assert await samples(window, last=1) == [0, 1]

    await follow(window, "to the second", "second")
    # The toast is not part of the page that went.
    await expect(window.toast("one")).to_have_count(1)
    await window.counts(1)
    await eve.person.tell(ada.login, "two")
    await window.counts(2)
    assert await samples(window, last=2) == [0, 1, 2]

    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    await window.page.go_back()
    await is_at(window, "first")
    await window.counts(2)
    # htmx 4 fetches the page again; the others put up what they have kept of it.
    assert any(url.endswith("/first/") for url in asked) == (library == "htmx-4")
    await window.page.go_forward()
    await is_at(window, "second")
    await follow(window, "to the first", "first")
    await window.counts(2)
    await eve.person.tell(ada.login, "three")
    await window.counts(3)
    await window.has_told("one", "two", "three")
    await is_one(window)
    assert await samples(window, last=3) == [0, 1, 2, 3]


@pytest.mark.parametrize("library", ["htmx-2", "htmx-4"])
async def test_a_header_that_is_swapped_with_the_bell_in_it_goes_on_where_it_was(
    pages: Place, device: Devices, library: str
) -> None:
    ada = await device(pages)
    window = await ada.live(f"/{library}/first/")
    await sample(window)
    await ada.person.tell(ada.login, "one")
    await window.counts(1)
    assert await samples(window, last=1) == [0, 1]
    for _ in range(2):
        await window.page.evaluate("() => document.querySelector('bellhop-bell').id = 'old'")
        await window.page.get_by_role("button", name="Another header").click()
        await expect(window.page.locator("#old")).to_have_count(0)
        await is_at(window, "header")
        await window.counts(1)
    await ada.person.tell(ada.login, "two")
    await window.counts(2)
    await window.has_told("one", "two")
    await is_one(window)
    assert await samples(window, last=2) == [0, 1, 2]


async def test_turbo_shows_a_snapshot_of_somebody_who_was_here_before_without_their_count(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    await eve.person.tell(ada.login, "one")
    window = await ada.live("/turbo/first/")
    await window.counts(1)
    await sample(window)
    await follow(window, "to the second", "second")
    # Signed out and in again as somebody else, past this document.
    await ada.person.log_out()
    await until(lambda: window.open_sockets == [])
    await window.counts(0)
    assert await samples(window, last=0) == [1, 0]
    await ada.carry_cookies(eve.person)
    await window.page.go_back()
    await is_at(window, "first")
    await window.is_live()
    await eve.person.tell(eve.login, "mine")
    await window.counts(1)
    await window.has_told("mine")
    assert await samples(window, last=1) == [1, 0, 1]
