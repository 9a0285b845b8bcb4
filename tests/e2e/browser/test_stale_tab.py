"""A tab that has fallen behind: somebody else has signed in beside it, or its rows were deleted. A real Chromium."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect
from support import people, stack
from support.clients.browser import Tab, chromium, tab
from support.gateway import WITHOUT_REDIS

# Promised is a second, by the beat without Redis; a loaded machine gets three times as long.
GONE = 3_000 if not WITHOUT_REDIS else 18_000


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


def unread(name: str) -> str:
    return stack.sql(
        "SELECT count(*) FROM bellhop_notification JOIN auth_user ON auth_user.id = recipient_id"
        f" WHERE username = '{name}' AND read_at IS NULL"
    )


async def sign_out_and_in(page: Tab, name: str) -> None:
    await page.open("/accounts/logout/")
    await page.submit()
    await page.log_in(name)
    await page.until_live()


async def looked_at(page: Tab, name: str) -> None:
    """Keep what a page looks like on either screen."""
    for device, width in (("desktop", 1280), ("phone", 390)):
        await page.page.set_viewport_size({"width": width, "height": 844})
        await page.screenshot(f"{name}-{device}")


async def test_a_button_of_a_stale_tab_changes_nothing_of_who_has_signed_in_beside_it(
    browser: Browser,
) -> None:
    first, second = people.make(2)
    for name in (first, second):
        people.notify(name, f"only for {name}", "and another")
    stale = await tab(browser, color_scheme="light")
    await stale.log_in(first)
    await stale.until_live()
    beside = Tab(await stale.page.context.new_page())
    await sign_out_and_in(beside, second)
    before = unread(second)
    # Nothing of the first one is there any more, and nothing that could be done for them.
    await expect(stale.page.locator("#signed-out")).to_be_visible()
    await expect(stale.by("notification")).to_have_count(0)
    await expect(stale.page.get_by_role("button", name="Mark all as read")).to_be_hidden()
    await looked_at(stale, "stale")
    assert unread(second) == before != "0"
    assert f"only for {second}" not in await stale.page.content()
    # A form that JavaScript leaves alone.
    await stale.page.locator("[data-menu]").click()
    await stale.page.get_by_role("button", name="Sign out").click()
    await expect(stale.page.get_by_text("Nothing was changed")).to_be_visible()
    await looked_at(stale, "stale-form")
    await beside.page.reload()
    await beside.until_live()
    assert unread(second) == before


async def test_what_an_administrator_deletes_leaves_open_pages_at_once(browser: Browser) -> None:
    owner, boss, outsider = people.make(3)
    stack.sql(
        f"UPDATE auth_user SET is_staff = true, is_superuser = true WHERE username = '{boss}'"
    )
    here, there, other, admin = [await tab(browser) for _ in range(4)]
    for page, name in ((here, owner), (there, owner), (other, outsider)):
        await page.log_in(name)
        await page.until_live()
    people.notify(owner, "to be deleted", "to stay")
    people.notify(outsider, "to be deleted")
    for page in (here, there, other):
        # In the list: a toast may be gone before it is this page's turn.
        await expect(page.by("notification").filter(has_text="to be deleted")).to_have_count(1)
    await admin.log_in(boss)
    await admin.open(f"/admin/bellhop/notification/?q={owner}")
    row = admin.page.locator("#result_list tr").filter(has_text="to be deleted")
    await row.locator("input.action-select").check()
    await admin.page.select_option("select[name=action]", "delete_selected")
    # The page that it leads to has a button of that kind as well.
    async with admin.page.expect_navigation():
        await admin.page.locator("button[name=index]").click()
    await admin.page.locator("input[type=submit]").click()
    await expect(admin.page.get_by_text("1 notification is withdrawn.")).to_be_visible()
    for page in (here, there):
        gone = page.page.get_by_text("to be deleted")
        await expect(gone).to_have_count(0, timeout=GONE)
        await expect(page.by("notification").filter(has_text="to stay")).to_have_count(1)
        await expect(page.by("bell-count")).to_have_text("3")  # the two logins, and what stays
    await expect(other.by("notification").filter(has_text="to be deleted")).to_have_count(1)


async def test_a_user_who_has_signed_in_is_deleted_in_the_admin_and_their_page_ends(
    browser: Browser,
) -> None:
    owner, boss = people.make(2)
    stack.sql(
        f"UPDATE auth_user SET is_staff = true, is_superuser = true WHERE username = '{boss}'"
    )
    page, admin = await tab(browser), await tab(browser)
    await page.log_in(owner)
    await page.until_live()
    await admin.log_in(boss)
    await admin.open(f"/admin/auth/user/{people.user_id(owner)}/delete/")
    await admin.page.locator("input[type=submit]").click()
    await expect(admin.page.get_by_text("was deleted successfully")).to_be_visible()
    await expect(page.page.locator("#signed-out")).to_be_visible(timeout=18_000)
