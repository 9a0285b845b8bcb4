"""A browser of one's own: a Chromium whose tabs are as hidden, frozen or in front as a person's are.

Playwright lets each tab of a browser that it starts itself believe that it is the one in front.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import BrowserContext, CDPSession, async_playwright

from projects.harness.browsers import Browser
from projects.harness.chromium import ARGUMENTS, Profile, Window
from projects.harness.tabs import PATIENCE, until

_SCRIPT: Final = """() => {
  // Each toast that is put up, and each notification on the desktop, whether anybody looks by then or not.
  const tell = (what, text) => console.debug(`test: ${what} ${text}`);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    if (this.localName !== "bellhop-toasts") return root;
    new MutationObserver((records) => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
        const message = node.querySelector?.("[data-testid=toast-message]");
        if (message) tell("toast", message.textContent);
      }
    }).observe(root, { childList: true, subtree: true });
    return root;
  };
  window.Notification = class extends window.Notification {
    constructor(title, options) {
      super(title, options);
      tell("desktop", title);
      window.lastOnDesktop = this;
    }
    close() {
      super.close();
      tell("closed", this.title);
    }
  };
}"""


class OwnBrowser(Profile):
    """A device with tabs in one window: the others are hidden behind the one in front."""

    def __init__(self, context: BrowserContext, person: Browser) -> None:
        super().__init__(context, person)
        self.toasts: list[str] = []
        """What was put up as a toast in any tab, also in one that is gone."""
        self.desktop: list[str] = []
        """What the desktop shows."""
        self._tools: dict[Window, CDPSession] = {}

    async def window(self, path: str = "/") -> Window:
        """Open one more tab there, in front of the others."""
        window = Window(await self.context.new_page())
        window.page.on("console", lambda message: self._hear(message.text))
        self._tools[window] = await self.context.new_cdp_session(window.page)
        self.windows.append(window)
        return await window.goto(self.person.origin + path)

    async def holder(self, *, but: Window | None = None) -> Window:
        """Wait until one tab has an open socket, and has one; return it.

        `but`: not that one, which is frozen, so that nobody knows whether its socket is closed by now.
        """
        found: list[Window] = []

        def is_one() -> bool:
            others = [window for window in self.windows if window is not but]
            found[:] = [window for window in others for _ in window.open_sockets]
            return len(found) == 1

        await until(is_one)
        return found[0]

    def _hear(self, line: str) -> None:
        _, _, said = line.partition("test: ")
        what, _, text = said.partition(" ")
        if what == "toast":
            self.toasts.append(text)
        elif what == "desktop":
            self.desktop.append(text)
        elif what == "closed" and text in self.desktop:
            self.desktop.remove(text)

    async def close(self, window: Window) -> None:
        self.windows.remove(window)
        await window.page.close()

    async def crash(self, window: Window) -> None:
        """The tab's process ends, without a word to the others."""
        self.windows.remove(window)
        crashed: list[bool] = []
        window.page.once("crash", lambda _: crashed.append(True))
        # What it asks of the tab is never answered.
        asked = asyncio.create_task(self._tools[window].send("Page.crash"))
        await until(lambda: crashed)
        asked.cancel()

    async def freeze(self, window: Window) -> None:
        """Have the browser freeze it, as it does with tabs that nobody has looked at for long."""
        await self._tools[window].send("Page.setWebLifecycleState", {"state": "frozen"})

    async def thaw(self, window: Window) -> None:
        await self._tools[window].send("Page.setWebLifecycleState", {"state": "active"})


@asynccontextmanager
async def own_browser(person: Browser, folder: Path) -> AsyncIterator[OwnBrowser]:
    """Start a Chromium with an empty profile, in which that person is signed in."""
    options = [
        *("--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"),
        # As Playwright starts it.
        *("--disable-dev-shm-usage", "--password-store=basic", "--use-mock-keychain"),
    ]
    command = ["/usr/bin/chromium", *ARGUMENTS, *options, "about:blank"]
    program = await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)
    try:
        port = folder / "DevToolsActivePort"
        await until(lambda: port.exists() and port.read_text().strip(), patience=3 * PATIENCE)
        address = f"http://127.0.0.1:{port.read_text().split()[0]}"
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.connect_over_cdp(address, no_defaults=True)
            (context,) = chromium.contexts
            await context.add_init_script(f"({_SCRIPT})()")
            browser = OwnBrowser(context, person)
            await browser.carry_cookies()
            yield browser
            await chromium.close()
    finally:
        program.terminate()
        await program.wait()
