"""Hundreds of browser tabs with the page's own modules, in one Node process.

Tabs of one device share cookies, storage, locks and channels, and so one socket: `socket` and `frame` are told by the
tab that holds it, `state` and `shown` by each, `toast` by the one in front.

Each event is a dictionary with `event`, `t` (seconds since the epoch, of the moment it happened) and `tab`
(None: the process itself). By `event`:

- loaded: seq, rev, unread, rows [{id, seq, read, message}], took (seconds)
- began: since, as the page or the summary has it, which tells who is signed in
- load-failed: status or error, delay (ms until the next attempt)
- signed-out: by "page" (its banner), "landing" or "redirect" (what a load was answered with)
- state: state, previous, code?, delay? as the page's connection says it
- socket: what "open" or "close", code, status? or error?, socket (number within its tab)
- frame: type, seq?, id?, message?, rev?, unread?, socket
- shown: id, seq, message: the application took a notification in hand
- toast: message, kind; more: text, count; notice: text, a request of a person's failed
- submit: status, cookie, the answer to a form
- screen: loaded, rows, bell, title, words, signed_out, state, cursor
- warning: text, a request that the page makes good for by itself; error: text, a fault in the page or here
"""

import asyncio
import itertools
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Event = dict[str, Any]

MAIN = Path(__file__).parents[1] / "tabs" / "main.js"
LINE_BYTES = 16 * 1024 * 1024
"""A screen of two hundred long messages is one line."""

ANSWER_SECONDS = 30


class TabsDiedError(Exception):
    """The process with the tabs is gone, and nobody asked it to go."""


@dataclass
class Question:
    """What was asked, and what has been answered so far."""

    what: str
    answer: asyncio.Future[list[Event]]
    events: list[Event] = field(default_factory=list)


class Tabs:
    """Tabs that load their pages from `gateway`, at what people call `public_url`.

    `app` is an app.js to run instead of the repository's: to see whether a fault in it would be found.
    A dead process, or an exception of `on_event`, cancels the body of the `async with` and is raised there.
    """

    _process: Process

    def __init__(
        self,
        on_event: Callable[[Event], None],
        *,
        gateway: str,
        public_url: str,
        app: Path | None = None,
    ) -> None:
        self._on_event = on_event
        self._config = {"gateway": gateway, "public_url": public_url}
        if app is not None:
            self._config["app"] = str(app.resolve())
        self._asks = itertools.count(1)
        self._questions: dict[int, Question] = {}
        self._quits = False
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            "node",
            str(MAIN),
            stdin=PIPE,
            stdout=PIPE,
            limit=LINE_BYTES,
        )
        await self._group.__aenter__()
        self._group.create_task(self._read())
        await self._do("config", **self._config)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._quits = self._process.returncode is None
        if self._quits:
            assert self._process.stdin is not None
            self._process.stdin.close()  # the process takes that as `quit`
        try:
            await self._group.__aexit__(kind, error, trace)
        except BaseExceptionGroup as group:
            # One cause: what came of the reader. The body's own error would be among them.
            if len(group.exceptions) == 1:
                raise group.exceptions[0] from None
            raise
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    async def open(
        self, tab: str, device: str, cookie: str | None = None, *, in_background: bool = False
    ) -> None:
        """Open a tab; `cookie` is the Cookie header of a device that is new, and ignored for a known one."""
        await self._do("open", tab=tab, device=device, cookie=cookie, hidden=in_background)

    async def set_cookie(self, device: str, cookie: str) -> None:
        """Replace all cookies of a device."""
        await self._do("cookie", device=device, cookie=cookie)

    async def submit(self, device: str, path: str, **fields: str) -> tuple[int, str]:
        """Fill in a form on a device, which has the answer's cookies as soon as a browser would.

        Return status and the device's Cookie header; ValueError without an answer.
        """
        answer = (await self._ask("submit", device=device, path=path, fields=fields))[0]
        return answer["status"], answer["cookie"]

    async def reload(self, tab: str) -> None:
        await self._do("reload", tab=tab)

    async def close(self, tab: str) -> None:
        await self._do("close", tab=tab)

    async def press(self, tab: str, action: str, id: str | None = None) -> None:
        """Click read, unread or archive at a row, or without `id` "mark all as read"."""
        await self._do("press", tab=tab, action=action, id=id)

    async def screen(self, tab: str) -> Event:
        """Return what a person sees in that tab now."""
        return (await self._ask("screen", tab=tab))[0]

    async def screens(self) -> dict[str, Event]:
        """Return what is to be seen in each open tab, by its name."""
        return {event["tab"]: event for event in (await self._ask("screens"))[:-1]}

    async def usage(self) -> Event:
        """Return rss and heap (bytes), cpu (seconds so far) and the number of tabs of the process."""
        return (await self._ask("usage"))[0]

    async def _do(self, what: str, **more: object) -> None:
        if self._process.returncode is not None:
            raise TabsDiedError(f"node ended with {self._process.returncode}")
        assert self._process.stdin is not None
        command = {name: value for name, value in more.items() if value is not None}
        self._process.stdin.write(json.dumps({"do": what, **command}).encode() + b"\n")
        await self._process.stdin.drain()

    async def _ask(self, what: str, **more: object) -> list[Event]:
        ask = next(self._asks)
        question = self._questions[ask] = Question(what, asyncio.get_running_loop().create_future())
        try:
            await self._do(what, ask=ask, **more)
            return await asyncio.wait_for(question.answer, ANSWER_SECONDS)
        finally:
            del self._questions[ask]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            event: Event = json.loads(line)
            self._take(event)
            self._on_event(event)
        status = await self._process.wait()
        if not self._quits or status != 0:
            raise TabsDiedError(f"node ended with {status}")

    def _take(self, event: Event) -> None:
        """Hand an answer to whoever asked; one of many events ends with an event named as the question."""
        question = self._questions.get(event.get("ask", 0))
        if question is None or question.answer.done():
            return
        if event["event"] == "error":
            question.answer.set_exception(ValueError(event["text"]))
            return
        question.events.append(event)
        if event["event"] == question.what:
            question.answer.set_result(question.events)
