"""Real Chromium tabs beside the simulated ones, which record the same events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Response, WebSocket
from support.clients import browser as chromium
from support.edge.relay import relay
from support.gateway import PUBLIC_HOST, PUBLIC_URL

Event = dict[str, Any]

ROWS = """() => [...document.querySelectorAll('bellhop-inbox [data-items] [data-testid=notification]')].map((row) => ({
  id: row.dataset.id, seq: Number(row.dataset.seq), read: row.dataset.read === 'true',
  message: row.querySelector('[data-message]').textContent.trim(),
}))"""
# A toast is recorded when it is put up, however soon it goes.
WATCH = """addEventListener('DOMContentLoaded', () => {
  // Made by the page's script, which has run by now.
  const region = document.querySelector('bellhop-toasts')?.shadowRoot.querySelector('[part=toasts]');
  if (!region) return;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const message = node.querySelector?.('[data-testid=toast-message]');
        if (!message || node.dataset.kind === 'problem') continue;
        record(node.dataset.kind === 'summary' ? 'more' : 'toast', message.textContent);
      }
    }
  }).observe(region, { childList: true });
});"""


class BrowserTab:
    """One tab of one profile; `on_event` hears what the simulated tabs tell, too."""

    def __init__(self, name: str, page: Page, on_event: Callable[[Event], None]) -> None:
        self.name = name
        self.page = page
        self._on_event = on_event
        self._sockets = 0
        self._tasks: set[asyncio.Task[None]] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._tell("error", text=str(error)))
        page.on("websocket", self._socket)
        page.on("response", self._answer)

    def _tell(self, event: str, **fields: Any) -> None:
        self._on_event({"t": time.time(), "tab": self.name, "event": event, **fields})

    async def load(self) -> None:
        """Load the page, and record what it was rendered with."""
        await self.page.goto(f"{PUBLIC_URL}/")
        inbox = self.page.locator("bellhop-inbox")
        data = await inbox.evaluate("(element) => ({...element.dataset})")
        numbers = {name: int(data[name]) for name in ("seq", "rev", "unread")}
        self._tell("loaded", **numbers, rows=await self.page.evaluate(ROWS))
        if "since" in data:
            self._tell("began", since=int(data["since"]))

    async def screen(self) -> None:
        """Record what it shows now."""
        words = await self.page.locator("bellhop-inbox [data-unread]").first.text_content()
        self._tell("screen", rows=await self.page.evaluate(ROWS), words=words or "")

    def _answer(self, response: Response) -> None:
        if response.ok and response.url.endswith("/summary"):
            self._later(self._began(response))

    async def _began(self, response: Response) -> None:
        t, told = time.time(), await response.json()
        self._on_event({"t": t, "tab": self.name, "event": "began", "since": told["since"]})

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _console(self, message: ConsoleMessage) -> None:
        # console.log("[bellhop]", text, frame): the line that each notification gets.
        if message.type == "log" and len(message.args) == 3:
            self._later(self._shown(message, time.time()))

    async def _shown(self, message: ConsoleMessage, t: float) -> None:
        found = await message.args[2].json_value()
        fields = {name: found.get(name) for name in ("id", "seq", "message")}
        self._on_event({"t": t, "tab": self.name, "event": "shown", **fields})

    def _socket(self, socket: WebSocket) -> None:
        self._sockets += 1
        number = self._sockets
        self._tell("socket", what="open", code=None, socket=number)
        socket.on("close", lambda _: self._tell("socket", what="close", code=None, socket=number))
        socket.on("framereceived", lambda payload: self._frame(payload, number))

    def _frame(self, payload: str | bytes, number: int) -> None:
        frame = json.loads(payload)
        fields = {name: frame[name] for name in ("seq", "id", "message") if name in frame}
        self._tell("frame", type=frame["type"], socket=number, **fields)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for all real tabs."""
    # By the relay: Chromium would go on using the address that nginx had before it was killed.
    async with relay(), chromium.chromium(PUBLIC_HOST) as found:
        yield found


async def open_tab(
    found: Browser, name: str, cookie: str, on_event: Callable[[Event], None]
) -> BrowserTab:
    """Open a tab of a profile that holds this session cookie, and load the page."""
    context = await found.new_context()
    await context.add_cookies([{"name": "sessionid", "value": cookie, "url": PUBLIC_URL}])
    page = await context.new_page()
    tab = BrowserTab(name, page, on_event)
    await page.expose_function("record", lambda kind, text: tab._tell(kind, message=text))
    await page.add_init_script(WATCH)
    await tab.load()
    return tab
