"""What a person sees: a real Chromium through nginx."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from support import people, stack
from support.clients.browser import Tab, chromium, tab
from support.clients.tab import until
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


def said(page: Tab, text: str) -> int:
    """Return how often the console has named it."""
    return sum(text in line for line in page.console)


async def test_a_login_rings_toast_bell_and_console_once_and_nobody_elses(browser: Browser) -> None:
    owner, neighbour = people.make(2)
    outsider = await tab(browser)
    await outsider.log_in(neighbour)
    await outsider.until_toast(f"Welcome back, {neighbour}")

    page = await tab(browser)
    await page.log_in(owner)
    await page.until_toast(f"Welcome back, {owner}")
    # At once: it stays for eight seconds.
    await expect(page.by("toast")).to_have_count(1)
    await page.screenshot("login")
    await expect(page.by("bell-count")).to_have_text("1")
    await until(lambda: said(page, f"Welcome back, {owner}"), 30, "in the console")
    await expect(page.by("notification")).to_have_count(1)

    await page.page.reload()
    await page.until_live()
    await expect(page.by("notification")).to_have_count(1)
    await expect(page.by("notification")).to_contain_text(f"Welcome back, {owner}")
    # Past the next beat: whatever would repeat it has had its chance.
    await page.page.wait_for_timeout(1.3 * BEAT * 1000)
    assert await page.by("toast").count() == 0
    assert said(page, f"Welcome back, {owner}") == 1
    await expect(page.by("bell-count")).to_have_text("1")

    assert owner not in await outsider.page.content()
    assert not [line for line in outsider.console if owner in line]
    assert page.complaints == []
    assert outsider.complaints == []


async def test_without_javascript_the_list_shows_it_and_the_forms_work(browser: Browser) -> None:
    (owner,) = people.make()
    page = await tab(browser, java_script_enabled=False)
    await page.log_in(owner)
    item = page.by("notification")
    await expect(item).to_have_count(1)
    await expect(item).to_contain_text(f"Welcome back, {owner}")
    await expect(item).to_have_attribute("data-read", "false")
    unread = page.page.locator("bellhop-inbox [data-unread]")
    await expect(unread).to_have_text("1 unread")
    # What stands where the bell would be.
    await page.page.locator("bellhop-bell").get_by_role("link", name="Notifications").click()
    await page.page.get_by_role("button", name="Mark all as read").click()
    await expect(item).to_have_attribute("data-read", "true")
    await expect(unread).to_have_text("All caught up")
    await page.page.get_by_role("button", name="Mark as unread").click()
    await expect(item).to_have_attribute("data-read", "false")
    await page.page.get_by_role("button", name="Archive").click()
    await expect(item).to_have_count(0)


async def test_a_second_tab_and_device_follow_what_is_read_on_the_first(browser: Browser) -> None:
    (owner,) = people.make()
    phone, desk = await tab(browser), await tab(browser)
    await phone.log_in(owner)
    await phone.until_toast("Welcome back")
    await desk.log_in(owner)
    await phone.until_live()
    await expect(phone.by("notification")).to_have_count(2, timeout=BEAT * PATIENCE * 1000)
    await desk.page.get_by_role("button", name="Mark all as read").click()
    for device in (desk, phone):
        await expect(device.by("bell-count")).to_be_hidden(timeout=BEAT * PATIENCE * 1000)
        for number in range(2):
            item = device.by("notification").nth(number)
            await expect(item).to_have_attribute("data-read", "true")


async def test_a_message_is_shown_as_text_whatever_it_holds(browser: Browser) -> None:
    (owner,) = people.make()
    page = await tab(browser)
    await page.log_in(owner)
    await page.until_live()
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    people.notify(owner, nasty)
    await page.until_toast(nasty)
    assert (
        await page.page.locator("main img, bellhop-toasts img, main script:not([src])").count() == 0
    )
    assert page.complaints == []


async def test_a_tab_that_was_cut_off_comes_back_and_misses_nothing(browser: Browser) -> None:
    (owner,) = people.make()
    page = await tab(browser)
    await page.log_in(owner)
    await page.until_toast("Welcome back")
    stack.kill("ws")
    stack.start("ws")
    people.notify(owner, "rung while away")
    await page.until_toast("rung while away", timeout=90)
    await page.until_live()
    await expect(page.by("notification")).to_have_count(2)
    await until(lambda: said(page, "rung while away"), 30, "in the console")
    assert said(page, "rung while away") == said(page, "Welcome back") == 1
    stack.wait_healthy()


async def test_a_signed_out_session_is_told_so_and_stays_quiet(browser: Browser) -> None:
    (owner,) = people.make()
    page = await tab(browser)
    await page.log_in(owner)
    await page.until_live()
    second: Any = await page.page.context.new_page()
    await second.goto(page.page.url)
    await second.get_by_test_id("bell").wait_for()
    await second.locator("[data-menu]").click()
    await second.get_by_role("button", name="Sign out").click()
    await expect(page.by("connection")).to_have_attribute(
        "data-state", "signed-out", timeout=BEAT * PATIENCE * 1000
    )
    # Another device hears it; whatever would come here as well has had its chance by then.
    async with Visitor(owner) as elsewhere:
        await elsewhere.login()
        socket = await elsewhere.socket()
        people.notify(owner, "for nobody here")
        await socket.until(lambda s: "for nobody here" in s.messages, BEAT * PATIENCE)
    await page.page.wait_for_timeout(500)
    assert "for nobody here" not in await page.page.content()


@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
)
async def test_a_page_has_no_inline_script_or_style_and_breaks_no_policy(
    browser: Browser, path: str
) -> None:
    page = await tab(browser)
    await page.open(path)
    content = await page.page.content()
    assert "<style" not in content
    assert await page.page.locator("[style], script:not([src]), [onclick]").count() == 0
    assert page.complaints == []


async def looked_at(page: Tab, name: str) -> None:
    """Keep what a page looks like by day and by night; it must be no wider than the screen."""
    for look in ("light", "dark"):
        await page.page.emulate_media(color_scheme=look)
        await page.screenshot(f"{name}-{look}")
        overflow = await page.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0


@pytest.mark.parametrize(
    ("device", "width", "height"), [("phone", 390, 844), ("desktop", 1280, 800)]
)
async def test_pages_fit_the_screen(browser: Browser, device: str, width: int, height: int) -> None:
    (owner,) = people.make()
    page = await tab(browser, viewport={"width": width, "height": height})
    await page.open("/")
    await looked_at(page, f"landing-{device}")
    await page.open("/accounts/login/")
    await looked_at(page, f"login-{device}")
    await page.log_in(owner)
    await page.until_toast("Welcome back")
    people.notify(
        owner, "Your export is ready", "Ada Lovelace mentioned you in “Analytical engines”"
    )
    await expect(page.by("notification")).to_have_count(3, timeout=BEAT * PATIENCE * 1000)
    await looked_at(page, f"home-{device}")


async def test_what_the_api_refuses_is_told_once_and_an_ended_session_ends_the_socket(
    browser: Browser,
) -> None:
    (owner,) = people.make()
    page = await tab(browser)
    await page.log_in(owner)
    await page.until_live()
    button = page.by("notification").get_by_role("button", name="Mark as read")
    problem = page.page.locator("[data-done]")

    # The click's own: the page may be fetching its list just now.
    call = "**/api/notifications/read"

    async def click_with(status: int) -> None:
        await page.page.route(call, lambda route: route.fulfill(status=status, body="{}"))
        async with page.page.expect_response(call):
            await button.click()
        await page.page.unroute(call)

    await click_with(500)
    await expect(problem).to_contain_text("Please try again.")
    await click_with(503)
    await expect(problem).to_have_count(1)
    await expect(problem).to_contain_text("does not answer")
    await expect(page.page.locator("#signed-out")).to_be_hidden()
    # Once, by a replica that has another key: the socket is open, and the summary knows the session.
    await click_with(401)
    async with page.page.expect_response("**/api/notifications/summary"):
        pass
    await expect(page.page.locator("#signed-out")).to_be_hidden()
    await page.page.route(
        "**/api/notifications/summary", lambda route: route.fulfill(status=401, body="{}")
    )
    await click_with(401)
    await expect(page.page.locator("#signed-out")).to_be_visible()
    await expect(page.by("connection")).to_have_attribute("data-state", "signed-out")
    await expect(page.by("notification")).to_have_count(0)
