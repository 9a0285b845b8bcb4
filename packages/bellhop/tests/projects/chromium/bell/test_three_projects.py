"""The bell in three projects, by the guide's lines alone: it rings, is read, empties and misses nothing."""

import time

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices
from projects.harness.fronts import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

INBOX = "/notifications/"
LOGOUT_SECONDS = 2
LONGEST_PAUSE_SECONDS = 30
"""Of a page between two attempts to connect."""


async def test_a_views_notification_is_shown_and_counted_on_each_device_of_its_owner_and_nowhere_else(
    place: Place, device: Devices
) -> None:
    phone = await device(place, signed_in=False)
    first = await (await phone.sign_in()).is_live()
    laptop = await device(place, phone.login)
    second = await laptop.live()
    outsider = await device(place)
    foreign = await outsider.live()
    others = len(await outsider.person.inbox())

    await outsider.person.tell(phone.login, "your order was sent")
    await first.both_show_toast(second, "your order was sent")
    unread = len(await laptop.person.inbox())
    for window in (first, second):
        await window.counts(unread)
        await window.has_told("your order was sent")
    await second.picture(f"{place.installation.project.folder}-toast-and-count")

    # What comes after it is the first that the outsider sees.
    await outsider.person.tell(outsider.login, "a note to myself")
    await foreign.has_told("a note to myself")
    await foreign.counts(others + 1)
    await expect(foreign.toast("your order was sent")).to_have_count(0)


async def test_what_is_read_in_one_tab_is_read_in_the_other_and_its_toast_goes(
    place: Place, device: Devices
) -> None:
    phone = await device(place)
    laptop = await device(place, phone.login)
    outsider = await device(place)
    there, here = await laptop.live(INBOX), await phone.live(INBOX)
    await outsider.person.tell(outsider.login, "read me, too")
    await there.to_front()
    await outsider.person.tell(phone.login, "read me")
    # Under somebody's hand a toast stays until there is a reason to go.
    await there.toast("read me").hover()
    unread = len(await phone.person.inbox())
    await there.counts(unread)
    await expect(there.item("read me")).to_have_attribute("data-read", "false")

    await here.to_front()
    await here.item("read me").get_by_role("button", name="Mark as read").click()
    await expect(there.item("read me")).to_have_attribute("data-read", "true")
    await expect(there.toast("read me")).to_have_count(0)
    for window in (here, there):
        await window.counts(unread - 1)
    await there.picture(f"{place.installation.project.folder}-read-elsewhere")
    assert not any(row["read"] for row in await outsider.person.inbox())


async def test_a_logout_empties_the_bells_of_that_session_within_two_seconds_and_of_no_other(
    place: Place, device: Devices
) -> None:
    phone = await device(place)
    laptop = await device(place, phone.login)
    outsider = await device(place)
    here, there, staying = await phone.live(), await phone.live(), await laptop.live()
    await there.to_front()
    await outsider.person.tell(phone.login, "before")
    await there.toast("before").hover()
    await there.has_told("before")
    unread = len(await laptop.person.inbox())
    await there.counts(unread)

    await here.to_front()
    async with here.page.expect_response(lambda answer: answer.request.method == "POST"):
        await here.page.get_by_role("button", name="out").click()
    began = time.monotonic()
    await there.counts(0)
    took = time.monotonic() - began
    # Three times as long: the machine may be busy. The beat would take ten times that.
    assert took < 3 * LOGOUT_SECONDS, took
    await expect(there.toast("before")).to_have_count(0)
    await there.picture(f"{place.installation.project.folder}-signed-out-elsewhere")

    await outsider.person.tell(phone.login, "after")
    await staying.has_told("before", "after")
    await staying.counts(unread + 1)
    assert there.told == ["before"]
    await there.counts(0)
    assert there.open_sockets == []


async def test_a_killed_socket_server_loses_nothing_and_repeats_nothing(
    place: Place, device: Devices
) -> None:
    ada, eve = await device(place), await device(place)
    window = await ada.live()
    window.forgive(r"WebSocket connection to .* failed")
    server = place.installation.program(place.ws)
    await eve.person.tell(ada.login, "number 0")
    await window.has_told("number 0")
    server.kill()
    await expect(window.by("connection")).not_to_have_attribute("data-state", "open")
    texts = [f"number {number}" for number in range(5)]
    for text in texts[1:4]:
        await eve.person.tell(ada.login, text)
    server.start()
    await window.is_live(patience=2 * LONGEST_PAUSE_SECONDS)
    await window.has_told(*texts[:4])
    await eve.person.tell(ada.login, texts[4])
    await window.has_told(*texts)
    await window.counts(len(await ada.person.inbox()))
    await window.picture(f"{place.installation.project.folder}-killed-and-back")
    assert "message" not in [row["kind"] for row in await eve.person.inbox()]
