"""However many bells and scripts a document has: one socket, one layer of toasts, one count."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_bells_in_a_document_have_one_socket_and_one_toast(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live("/two-bells/")
    await ada.person.tell(ada.login, "once")
    await window.shows_toast("once")
    # It leads nowhere.
    await expect(window.toast("once").locator("[part=toast-link]")).to_be_hidden()
    await expect(window.by("bell-count")).to_have_text(["1", "1"])
    await expect(window.by("toast")).to_have_count(1)
    await window.has_told("once")
    assert len(window.sockets) == 1


async def test_a_script_that_is_loaded_under_two_addresses_runs_as_one(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live("/loaded-twice/")
    await ada.person.tell(ada.login, "once")
    await window.shows_toast("once")
    await window.counts(1)
    await expect(window.by("toast")).to_have_count(1)
    await window.has_told("once")
    assert len(window.sockets) == 1


async def test_a_react_page_with_the_headless_module_shows_count_and_list_and_silences_toasts(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    await eve.person.tell(ada.login, "before")
    window, foreign = await ada.live("/react/"), await eve.live("/react/")
    count, rows = window.by("react-count"), window.by("react-row")
    await expect(count).to_have_text("1")
    await expect(rows).to_have_text(["before Read"])
    await eve.person.tell(ada.login, "now")
    await expect(rows).to_have_text(["now Read", "before Read"])
    await window.to_front()
    await rows.nth(0).get_by_role("button").click()
    await expect(rows).to_have_text(["now", "before Read"])
    await expect(count).to_have_text("1")
    await eve.person.tell(ada.login, "quietly")
    await eve.person.tell(ada.login, "aloud")
    await expect(count).to_have_text("3")
    # The bell beside it is of the same client.
    await window.counts(3)
    await window.shows_toast("aloud")
    await expect(window.by("toast")).to_have_count(1)
    await window.has_told("now", "quietly", "aloud")
    assert len(window.sockets) == 1
    await expect(foreign.by("react-count")).to_have_text("0")
    await expect(foreign.by("react-row")).to_have_count(0)
    assert foreign.told == []
    await ada.person.log_out()
    await expect(count).to_have_text("0")
    await expect(rows).to_have_count(0)


async def test_a_page_hears_what_happens_and_may_keep_toasts_and_links_for_itself(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    window = await ada.live()
    await window.page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["notification", "open", "unread", "state", "changed"]) {
            document.addEventListener(`bellhop:${name}`, ({ detail }) => window.heard.push([name, detail]));
          }
          document.addEventListener("bellhop:open", (event) => event.preventDefault());
          document.addEventListener("bellhop:notification", (event) => {
            if (event.detail.message === "quietly") event.preventDefault();
          });
        }"""
    )
    await ada.person.tell(ada.login, "quietly")
    await window.counts(1)
    await ada.person.tell(ada.login, "aloud", url="/two-bells/")
    await window.shows_toast("aloud")
    await expect(window.toast("quietly")).to_have_count(0)
    await window.toast("aloud").get_by_role("link").click()
    await window.counts(1)
    assert window.page.url.endswith("/")
    await window.has_told("quietly", "aloud")

    await window.page.evaluate("() => window.bellhop.stop()")
    heard = await window.page.evaluate("() => window.heard")
    detail = dict(reversed(heard))
    assert [name for name, _ in heard].count("notification") == 2
    assert detail["notification"]["message"] == "quietly"
    assert detail["open"]["url"] == "/two-bells/"
    assert detail["open"]["id"] == detail["open"]["notification"]["id"]
    assert [each["unread"] for name, each in heard if name == "unread"] == [1, 2, 1]
    assert detail["state"] == {"state": "closed", "previous": "open"}
    assert "changed" in detail
