"""Policies, cookies, headers and addresses that a project has set otherwise: the bell rings, and marking works."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import expect

from projects.chromium.conftest import Devices, pages_front
from projects.harness.fronts import Front, Place, nginx

pytestmark = pytest.mark.asyncio(loop_scope="session")

Check = Callable[..., Awaitable[None]]


@pytest.fixture
def works(device: Devices) -> Check:
    """`await works(place, prefix)`: a notification rings, and is marked as read by the page's button."""

    async def check(place: Place, *, reads: str = "") -> None:
        ada, eve = await device(place), await device(place)
        inbox = f"{place.prefix}/notifications/"
        window, other = await ada.live(inbox), await ada.live(f"{place.prefix}/")
        await eve.person.tell(ada.login, "for you")
        # In the tab in front alone.
        await other.shows_toast("for you")
        await expect(window.item("for you")).to_be_visible()
        for each in (window, other):
            await each.counts(1)
        await window.to_front()
        await window.item("for you").get_by_role("button", name="Mark as read").click()
        await expect(window.item("for you")).to_have_attribute("data-read", "true")
        for each in (window, other):
            await each.counts(0)
        await other.to_front()
        await other.by("bell").click()
        await expect(other.by("panel-row")).to_have_attribute("data-read", "true")
        await other.by("panel-all").click()
        await expect(other.item("for you")).to_have_attribute("data-read", "true")
        assert other.page.url.endswith(inbox)
        assert reads in await other.page.content()

    return check


def another(pages: Place, name: str, front: Front | None = None, **settings: Any) -> Place:
    """Return the pages project under other settings, behind an nginx of its own."""
    behind = front or pages_front(pages.installation, name, **settings)
    port = nginx(pages.installation, f"nginx-{name}", behind)
    return Place(pages.installation, port, behind.ws or 0, behind.prefix)


async def test_under_a_policy_of_nonces_and_trusted_types_nothing_is_refused(
    pages: Place, device: Devices, works: Check
) -> None:
    nobody = await device(pages, signed_in=False)
    policy = (await nobody.person.page("/")).headers["Content-Security-Policy"]
    for part in ("'strict-dynamic'", "'nonce-", "style-src 'self'", "require-trusted-types-for"):
        assert part in policy
    # No tab has complained, or the test would fail.
    await works(pages)


async def test_a_token_kept_in_the_session_and_expected_in_another_header_is_found(
    pages: Place, works: Check
) -> None:
    place = another(pages, "tokens", CSRF_USE_SESSIONS=True, CSRF_HEADER_NAME="HTTP_X_OTHER_TOKEN")
    await works(place, reads='csrf-header="X-OTHER-TOKEN"')


async def test_a_token_in_a_renamed_cookie_that_scripts_cannot_read_is_found(
    pages: Place, works: Check
) -> None:
    await works(
        another(pages, "cookies", CSRF_COOKIE_NAME="other-token", CSRF_COOKIE_HTTPONLY=True)
    )


async def test_static_files_from_an_origin_that_allows_nobody_else_s_scripts_to_read_them(
    pages: Place, works: Check
) -> None:
    files = {"/static/": pages.installation.static_root}
    port = nginx(pages.installation, "nginx-files", Front(files=files))
    origin = f"http://127.0.0.1:{port}"
    policy = {
        "default-src": ["'self'"],
        "script-src": ["'strict-dynamic'", "<CSP_NONCE_SENTINEL>"],
        "style-src": [origin],
    }
    place = another(pages, "elsewhere", STATIC_URL=f"{origin}/static/", SECURE_CSP=policy)
    await works(place, reads=f'src="{origin}/static/bellhop/bellhop.js"')


async def test_below_a_prefix_of_all_paths(pages: Place, works: Check) -> None:
    prefix = "/shop"
    front = pages_front(pages.installation, "prefixed", FORCE_SCRIPT_NAME=prefix)
    files = {f"{prefix}/static/": pages.installation.static_root}
    place = another(pages, "prefixed", replace(front, prefix=prefix, files=files))
    await works(place, reads=f'api="{prefix}/notifications/api/"')
