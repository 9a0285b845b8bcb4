"""One visit of a stack's first page in a Chromium that knows nothing of it yet, on a slow line and a slow machine."""

import time
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Page

LIVE: Final = '[data-testid="connection"][data-state="open"]'

SLOW_4G_DOWN: Final = 1_600_000 * 0.9 / 8
SLOW_4G_UP: Final = 750_000 * 0.9 / 8
SLOW_4G_LATENCY: Final = 150 * 3.75
"""Bytes a second, and milliseconds: "Slow 4G" as Chromium's developer tools set it, and Lighthouse with them.

Their latency is added once a request, where a real line's 150 ms are paid by every turn: hence the 3.75.
"""

SLOWER: Final = 4
"""A quarter of the processor."""


@dataclass(frozen=True)
class Visit:
    """What one visit has cost."""

    seconds: float
    """From the click on a link to it until its socket is open, by the page's own clock."""
    requests: int
    bytes: int
    """On the wire: heads and bodies of all answers."""


class Person:
    """Somebody who is signed in to a stack: each visit begins with an empty cache."""

    def __init__(self, browser: Browser, url: str, login: str, password: str) -> None:
        self._browser, self._url = browser, url
        page = browser.new_page(base_url=url)
        page.goto("/accounts/login/")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.locator(LIVE).first.wait_for(state="attached", timeout=60_000)
        self._state = page.context.storage_state()
        page.context.close()

    def visit(self, *, latency: float, slower: float = SLOWER) -> Visit:
        """Open the first page and wait until it is live; `latency` in milliseconds, 0 for no slow line."""
        context = self._browser.new_context(base_url=self._url, storage_state=self._state)
        try:
            return _measure(context.new_page(), latency, slower)
        finally:
            context.close()


def _measure(page: Page, latency: float, slower: float) -> Visit:
    devtools = page.context.new_cdp_session(page)
    received: list[float] = []
    asked: set[str] = set()
    devtools.send("Network.enable")
    devtools.on("Network.requestWillBeSent", lambda event: _ask(event, asked))
    devtools.on(
        "Network.loadingFinished", lambda event: received.append(event["encodedDataLength"])
    )
    if latency:
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency,
                "downloadThroughput": SLOW_4G_DOWN,
                "uploadThroughput": SLOW_4G_UP,
            },
        )
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    began = time.monotonic()
    page.goto("/", wait_until="commit")
    page.locator(LIVE).first.wait_for(state="attached", timeout=60_000)
    seconds = time.monotonic() - began
    # What the page still asks for, icons and pictures, weighs too.
    page.wait_for_load_state("networkidle")
    return Visit(seconds, len(asked), int(sum(received)))


def _ask(event: Any, asked: set[str]) -> None:
    if event["request"]["url"].startswith("http"):
        asked.add(event["requestId"])
