"""People come and go in one document, without a new page: the bell is theirs, and never the last person's."""

import psycopg
import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.chromium.elements.sampler import sample, samples
from projects.harness.chromium import Window
from projects.harness.fronts import Place
from projects.harness.prepare import PASSWORD
from projects.harness.tabs import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

POST = """async ([path, fields]) => {
  const page = await (await fetch("/accounts/login/")).text();
  const csrfmiddlewaretoken = page.match(/csrfmiddlewaretoken" value="([^"]+)"/)[1];
  const body = new URLSearchParams({ csrfmiddlewaretoken, ...fields });
  return (await fetch(path, { method: "POST", body })).status;
}"""
"""As a page's own script does that signs in by itself."""


async def sign_in(window: Window, login: str) -> None:
    fields = {"username": login, "password": PASSWORD}
    assert await window.page.evaluate(POST, ["/accounts/login/", fields]) == 200


async def sign_out(window: Window) -> None:
    assert await window.page.evaluate(POST, ["/accounts/logout/", {}]) == 200


async def refresh(window: Window) -> None:
    await window.page.evaluate("() => window.bellhop.refresh()")


async def test_a_sign_in_without_a_new_page_brings_the_bell_to_life(
    pages: Place, device: Devices
) -> None:
    visitor, eve = await device(pages, signed_in=False), await device(pages)
    await eve.person.tell(visitor.login, "before")
    window = await visitor.window()
    await window.counts(0)
    await expect(window.by("connection").first).to_be_hidden()
    await sign_in(window, visitor.login)
    await refresh(window)
    await window.is_live()
    await window.counts(1)
    await eve.person.tell(visitor.login, "now")
    await window.shows_toast("now")
    await window.counts(2)
    await window.has_told("now")
    assert len(window.sockets) == 1


async def test_a_bell_that_comes_into_the_document_asks_again_who_is_signed_in(
    pages: Place, device: Devices
) -> None:
    visitor, eve = await device(pages, signed_in=False), await device(pages)
    await eve.person.tell(visitor.login, "before")
    window = await visitor.window()
    await until(lambda: window.complaints)
    await sign_in(window, visitor.login)
    await window.page.evaluate("() => document.body.append(document.querySelector('bellhop-bell'))")
    await window.is_live()
    await window.counts(1)


@pytest.mark.parametrize("says_goodbye", [True, False], ids=["after-a-sign-out", "over-somebody"])
async def test_whoever_signs_in_after_somebody_sees_their_own_count_alone(
    pages: Place, device: Devices, says_goodbye: bool
) -> None:
    ada, eve = await device(pages), await device(pages)
    for text in ("one", "two", "three"):
        await eve.person.tell(ada.login, text)
    await eve.person.tell(eve.login, "a note to myself")
    window = await ada.live()
    await window.counts(3)
    await sample(window)
    if says_goodbye:
        await sign_out(window)
        await refresh(window)
        await window.counts(0)
    await sign_in(window, eve.login)
    if says_goodbye:
        await refresh(window)
    # Where nobody tells the bell, the end of the session does.
    await window.counts(1)
    await window.is_live()
    assert (await samples(window, last=1))[-1] == 1
    await eve.person.tell(eve.login, "another")
    await eve.person.tell(ada.login, "four")
    await window.counts(2)
    await window.has_told("another")
    seen = await samples(window, last=2)
    assert [count for count in seen if count] == [3, 1, 2]
    # Whoever closes a socket waits for the other side to say so, too.
    await until(lambda: len(window.open_sockets) == 1)


async def test_a_session_whose_row_is_deleted_leaves_the_bell_empty_and_quiet(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    window, foreign = await ada.live("/notifications/"), await eve.live()
    await eve.person.tell(ada.login, "before")
    await window.counts(1)
    # That it was seen may be told by then only.
    window.forgive("status of 401 .*/api/seen")
    (cookie,) = [each for each in ada.person.cookie_jar if each.name == "sessionid"]
    with psycopg.connect(pages.installation.environment()["DATABASE_URL"]) as database:
        database.execute("DELETE FROM django_session WHERE session_key = %s", [cookie.value])
    await expect(window.by("connection")).to_have_attribute("data-state", "signed-out")
    await window.counts(0)
    await expect(window.page.locator("[data-bellhop-signed-out]").first).to_be_visible()
    await eve.person.tell(ada.login, "after")
    await eve.person.tell(eve.login, "mine")
    await foreign.has_told("mine")
    await window.has_told("before")
    assert window.open_sockets == []
