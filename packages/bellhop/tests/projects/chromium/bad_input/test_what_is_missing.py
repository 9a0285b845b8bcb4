"""Without JavaScript, without a socket server: what remains works, and nobody is bothered."""

import re

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices, pages_front
from projects.harness.fronts import Front, Place, nginx
from projects.harness.processes import free_port
from projects.harness.tabs import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

INBOX = "/notifications/"


async def test_without_javascript_the_link_leads_to_the_list_whose_forms_mark(
    pages: Place, device: Devices
) -> None:
    ada, eve = await device(pages, java_script_enabled=False), await device(pages)
    await eve.person.tell(ada.login, "for you")
    window = await ada.window()
    await window.page.get_by_role("link", name="Notifications").click()
    await expect(window.item("for you")).to_have_attribute("data-read", "false")
    await window.item("for you").get_by_role("button", name="Mark as read").click()
    await expect(window.item("for you")).to_have_attribute("data-read", "true")
    assert f"{INBOX}?done=read." in window.page.url
    await window.item("for you").get_by_role("button", name="Mark as unread").click()
    await window.page.get_by_role("button", name="Mark all as read").click()
    await expect(window.item("for you")).to_have_attribute("data-read", "true")
    await window.picture("bad-input-no-javascript")
    await window.item("for you").get_by_role("button", name="Archive").click()
    await expect(window.item("for you")).to_have_count(0)
    assert window.sockets == []


@pytest.mark.parametrize("ws", ["closed", "absent"])
async def test_without_a_socket_server_the_bell_says_so_quietly_and_the_list_works(
    pages: Place, device: Devices, ws: str
) -> None:
    behind = pages_front(pages.installation)
    front = Front(behind.web, free_port() if ws == "closed" else None, files=behind.files)
    place = Place(pages.installation, nginx(pages.installation, f"nginx-{ws}", front), 0)
    ada = await device(place)
    # The longest pauses that there may be: what follows takes as long as it takes.
    await ada.context.add_init_script("Math.random = () => 0.99")
    await ada.person.tell(ada.login, "for you")
    window = await ada.window(INBOX)
    window.forgive(r"WebSocket connection to .* failed")
    await window.counts(1)
    await expect(window.by("connection")).to_be_visible()
    await expect(window.by("connection")).to_have_text(re.compile("Connecting…|Reconnecting…"))
    await window.picture(f"bad-input-socket-server-{ws}")
    await window.item("for you").get_by_role("button", name="Mark as read").click()
    await expect(window.item("for you")).to_have_attribute("data-read", "true")
    await window.counts(0)
    await expect(window.by("toast")).to_have_count(0)
    # One line an attempt, by the browser itself; with each the next is further away.
    attempts = lambda: sum("WebSocket" in line for line in window.complaints)  # noqa: E731
    await until(attempts)
    assert attempts() < 10
