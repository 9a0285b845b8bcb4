"""Pages that know nobody: from a cache, from a template without a request, from Jinja2."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_that_is_cached_for_everybody_shows_each_their_own_count_and_nobody_one(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages), await device(pages)
    nobody = await device(pages, signed_in=False)
    for text in ("one", "two"):
        await eve.person.tell(ada.login, text)
    await ada.person.tell(eve.login, "mine")
    windows = [await each.window("/cached/") for each in (ada, eve, nobody)]
    for window, count in zip(windows, (2, 1, 0), strict=True):
        await window.counts(count)
    renderings = {await window.page.text_content("#rendering") for window in windows}
    assert len(renderings) == 1
    assert renderings != {""}
    await ada.person.tell(eve.login, "and another")
    await windows[1].shows_toast("and another")
    await windows[0].counts(2)
    await expect(windows[2].by("toast")).to_have_count(0)
    await windows[1].has_told("and another")
    assert [window.told for window in windows] == [[], ["and another"], []]
    assert windows[2].sockets == []


@pytest.mark.parametrize("path", ["/cached-part/", "/without-request/", "/jinja/"])
async def test_a_bell_from_there_rings(pages: Place, device: Devices, path: str) -> None:
    ada = await device(pages)
    # The second has what the first has left in the cache, and a nonce of its own.
    for text in ("first", "second"):
        window = await ada.live(path)
        await ada.person.tell(ada.login, text)
        await window.shows_toast(text)
        await window.has_told(text)
