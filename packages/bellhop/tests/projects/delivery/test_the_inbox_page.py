"""The list at the address that a project has given it: shown, marked by its own forms, and nobody else's."""

import re

import pytest

from projects.conftest import Device
from projects.delivery.test_from_a_view import SERVED_BY_BELLHOP_WS, place  # noqa: F401
from projects.harness.fronts import Place

INBOX = "/notifications/"


@pytest.mark.parametrize("place", SERVED_BY_BELLHOP_WS, indirect=True)
async def test_the_page_lists_ones_own_and_its_form_marks_them_read(
    place: Place,  # noqa: F811
    device: Device,
) -> None:
    owner, outsider = [await device(place.installation, place.web) for _ in range(2)]
    tab = await owner.tab(place.ws)
    await outsider.tell(owner.login, "for <you> alone")
    await tab.shows("for <you> alone")
    page = await owner.page(INBOX)
    assert page.status_code == 200
    assert "for &lt;you&gt; alone" in page.text
    assert "for &lt;you&gt; alone" not in (await outsider.page(INBOX)).text
    (row, *_) = [row for row in await owner.inbox() if row["message"] == "for <you> alone"]
    assert f'action="{INBOX}mark/"' in page.text
    assert re.search(rf'name="id" value="{row["id"]}"', page.text)

    foreign = await outsider.submit(f"{INBOX}mark/", on=INBOX, action="read", id=row["id"])
    assert foreign.status_code == 302
    assert not (await owner.inbox())[-1]["read"]
    answer = await owner.submit(f"{INBOX}mark/", on=INBOX, action="read", id=row["id"])
    assert answer.status_code == 302
    assert (await owner.inbox())[-1]["read"]
    # Where that leads to says what was done, and how it is undone.
    done = await owner.page(answer.headers["Location"])
    rev = re.search(r'name="rev" value="(\d+)"', done.text)
    assert rev is not None
    await owner.submit(f"{INBOX}mark/", on=INBOX, action="unread", rev=rev[1])
    assert not (await owner.inbox())[-1]["read"]


@pytest.mark.parametrize("place", SERVED_BY_BELLHOP_WS, indirect=True)
async def test_a_stranger_is_led_to_the_projects_own_login(
    place: Place,  # noqa: F811
    device: Device,
) -> None:
    browser = await device(place.installation, place.web)
    await browser.log_out()
    answer = await browser.page(INBOX)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]
    assert (await browser.page(f"{INBOX}api/")).status_code == 401
