"""What rings while the answer to a form is on its way is for the page that comes."""

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_a_form_notifies_of_is_shown_by_the_page_that_it_leads_to_each_time(
    pages: Place, device: Devices
) -> None:
    ada = await device(pages)
    elsewhere = await device(pages, ada.login)
    here, there = await ada.live("/form/"), await elsewhere.live()
    texts = [f"number {count}" for count in range(1, 5)]
    for count, text in enumerate(texts, start=1):
        await here.page.fill("#notify input[name=text]", text)
        await here.page.click("#notify button")
        await here.page.wait_for_load_state()
        await here.both_show_toast(there, text)
        await expect(here.by("toast")).to_have_count(1)
        await here.counts(count)
    await here.has_told(*texts)
    await there.has_told(*texts)
