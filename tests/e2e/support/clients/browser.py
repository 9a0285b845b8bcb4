"""A real Chromium that types PUBLIC_URL into its address bar."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from support.clients.visitor import PASSWORD
from support.gateway import GATEWAY, PUBLIC_HOST, PUBLIC_URL

ARTIFACTS = Path(os.environ.get("ARTIFACTS") or "/artifacts")
ARTIFACTS.mkdir(exist_ok=True)
# A wait ends with what it is for: only a machine that is slow takes this long.
expect.set_options(timeout=30_000)
# As root in a container, and without the services Chromium would call at home.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@asynccontextmanager
async def chromium(gateway: str = GATEWAY) -> AsyncIterator[Browser]:
    """Start a browser of its own, for which the public address is at `gateway`."""
    leads = f"--host-resolver-rules=MAP {PUBLIC_HOST.partition(':')[0]} {gateway}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*_ARGUMENTS, leads], timeout=120_000
        )
        yield browser
        await browser.close()


class Tab:
    """One page and all that its console said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(f"error: {error}"))

    def by(self, test_id: str) -> Any:
        return self.page.get_by_test_id(test_id)

    @property
    def complaints(self) -> list[str]:
        """What a developer would have to look into: errors and CSP violations."""
        own = [line for line in self.console if not line.startswith("[bellhop] ")]
        return [line for line in own if re.search(r"error|refused|violates", line, re.IGNORECASE)]

    async def open(self, path: str = "/") -> None:
        await self.page.goto(f"{PUBLIC_URL}{path}")

    async def log_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in with the form, as a person would; return once the page it leads to comes."""
        await self.open("/accounts/login/")
        await self.page.fill("input[name=login]", name)
        await self.page.fill("input[name=password]", password)
        await self.submit()

    async def submit(self) -> None:
        """Send the page's form, and wait for the page it leads to: who went elsewhere before would break it off."""
        async with self.page.expect_navigation(wait_until="commit"):
            await self.page.click("main button[type=submit]")

    async def until_live(self) -> None:
        await expect(self.by("connection")).to_have_attribute("data-state", "open")

    async def until_toast(self, text: str, timeout: float = 30) -> None:
        """Wait until a toast with that text is visible."""
        message = self.by("toast-message").filter(has_text=text)
        await expect(message.first).to_be_visible(timeout=timeout * 1000)

    async def screenshot(self, name: str) -> None:
        await self.page.screenshot(path=ARTIFACTS / f"{name}.png")


async def tab(browser: Browser, **options: Any) -> Tab:
    """Open a tab in a browser profile of its own."""
    context: BrowserContext = await browser.new_context(**options)
    return Tab(await context.new_page())
