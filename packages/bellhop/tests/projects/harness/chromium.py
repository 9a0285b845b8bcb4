"""A real Chromium: people's devices, and their tabs with all that the console said."""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from playwright.async_api import (
    Browser as Chromium,
)
from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    WebSocket,
    async_playwright,
    expect,
)

from projects.harness.browsers import Browser
from projects.harness.prepare import PASSWORD
from projects.harness.tabs import PATIENCE, until

ARTIFACTS: Final = Path(os.environ.get("ARTIFACTS") or tempfile.gettempdir()) / "projects"

ARGUMENTS: Final = [
    # As root in a container, and without the services Chromium would call at home.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_FORGIVEN: Final = [
    # The browser itself says it where a page asks who is signed in, and nobody is.
    re.compile(r"status of 401 .*/api/summary"),
    # What a browser asks for unasked, and none of the projects has.
    re.compile(r"status of 404 .*/favicon\.ico"),
]

_TOLD: Final = re.compile(
    r"\[bellhop\] (?P<message>.*?) \{.*?\bkind: (?P<kind>[\w.-]+).*", re.DOTALL
)

MILLISECONDS: Final = 1000

expect.set_options(timeout=PATIENCE * MILLISECONDS)


@asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGUMENTS
        )
        yield browser
        await browser.close()


class Window:
    """One tab: what it shows, what its console said, and the sockets that it opened, documents of before included."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sockets: list[WebSocket] = []
        self.told: list[str] = []
        """The message of each notification that the console names, in order, without those of logins."""
        self.complaints: list[str] = []
        """What a developer would have to look into: errors, warnings, violations of policies."""
        self._forgiven = list(_FORGIVEN)
        page.set_default_timeout(PATIENCE * MILLISECONDS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{error}"))
        page.on("websocket", lambda socket: self.sockets.append(socket))

    def forgive(self, pattern: str) -> None:
        """Expect complaints that match: of what a test brings about."""
        self._forgiven.append(re.compile(pattern))

    def by(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    @property
    def unforgiven(self) -> list[str]:
        return [
            line
            for line in self.complaints
            if not any(pattern.search(line) for pattern in self._forgiven)
        ]

    @property
    def open_sockets(self) -> list[WebSocket]:
        return [socket for socket in self.sockets if not socket.is_closed()]

    async def goto(self, path: str) -> Self:
        await self.page.goto(path)
        return self

    async def to_front(self) -> Self:
        """Turn to this tab: in one behind others a click or a hover waits a second for a frame to be drawn."""
        await self.page.bring_to_front()
        return self

    async def is_live(self, *, patience: float = PATIENCE) -> Self:
        """Wait until the bell says that its socket is open."""
        connection, timeout = self.by("connection").first, patience * MILLISECONDS
        await expect(connection).to_have_attribute("data-state", "open", timeout=timeout)
        return self

    async def counts(self, number: int) -> None:
        """Wait until the first bell shows that number; at 0 it shows none."""
        badge = self.by("bell-count").first
        if number:
            await expect(badge).to_have_text(str(number))
            await expect(badge).to_be_visible()
        else:
            await expect(badge).to_be_hidden()

    async def shows_toast(self, text: str) -> None:
        await expect(self.toast(text)).to_be_visible()

    async def both_show_toast(self, other: Self, text: str) -> None:
        """Wait until both show it: not one after the other, since a toast stays for some seconds only."""
        await asyncio.gather(self.shows_toast(text), other.shows_toast(text))

    def toast(self, text: str) -> Locator:
        return self.by("toast").filter(has_text=text)

    def item(self, text: str) -> Locator:
        """Return the notification of that text on the inbox page."""
        return self.by("notification").filter(has_text=text)

    async def has_told(self, *texts: str) -> None:
        """Wait until the console names these; fails where it names others, another order or one twice."""
        await until(lambda: len(self.told) >= len(texts))
        assert self.told == list(texts)

    async def picture(self, name: str) -> None:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=ARTIFACTS / f"{name}.png", animations="disabled")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")
        elif (told := _TOLD.fullmatch(message.text)) and told["kind"] != "login":
            self.told.append(told["message"])


class Profile:
    """A device: its cookies, which its tabs and `person`, who speaks HTTP alone, have in common."""

    def __init__(self, context: BrowserContext, person: Browser) -> None:
        self.context = context
        self.person = person
        self.windows: list[Window] = []

    @property
    def login(self) -> str:
        return self.person.login

    async def window(self, path: str = "/") -> Window:
        """Open one more tab there."""
        window = Window(await self.context.new_page())
        self.windows.append(window)
        return await window.goto(path)

    async def live(self, path: str = "/") -> Window:
        """Open one more tab there, whose socket is open."""
        return await (await self.window(path)).is_live()

    async def carry_cookies(self, person: Browser | None = None) -> None:
        """Be signed in as `person` is: this device's own, or somebody else."""
        person = person or self.person
        await self.context.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "url": person.origin}
                for cookie in person.cookie_jar
            ]
        )

    async def sign_in(self) -> Window:
        """Sign in with the project's form, in a tab of its own, which goes where that leads."""
        window = await self.window("/accounts/login/")
        field = self.person.installation.project.login_field
        await window.page.fill(f"input[name={field}]", self.login)
        await window.page.fill("input[name=password]", PASSWORD)
        await window.page.press("input[name=password]", "Enter")
        await window.page.wait_for_url(lambda url: "login" not in url)
        return window
