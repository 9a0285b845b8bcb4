"""The running test: people, their tabs, the programs that notify them, and everything that happened so far."""

import asyncio
import contextlib
import itertools
import json
import os
import random
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from playwright.async_api import Browser
from support.clients.visitor import PASSWORD

from prove import docker_engine, stored_rows
from prove.oracle.judge import judge
from prove.oracle.record import Record, Revision
from prove.oracle.revised import SETTLED
from prove.people import chromium_tabs, devices
from prove.people.chromium_tabs import BrowserTab
from prove.people.devices import Device
from prove.people.logins import Logins
from prove.people.simulated_tabs import Tabs
from prove.watch import Watch

Event = dict[str, Any]
WEB = Path(__file__).resolve().parents[2] / "services/web"
REAL_TABS = 2
SETTLE_SECONDS = 60.0
"""Seconds in which everything must be shown after a fault is over; what is not shown then is lost."""

OPENED_AT_ONCE = 50
"""So many pages are asked for at the same moment: with hundreds the faults would begin in a stack that is full."""

REVISED = ("undead", "stale", "miscounted")
"""What a tab may still be about to learn: what was withdrawn, updated, or has expired."""


class Stage:
    """The people and tabs that faults act on. Everything observed goes into `record`, for the oracle alone to judge."""

    def __init__(self, record: Record, tabs: Tabs, names: list[str], seed: int) -> None:
        self.record = record
        self.devices: dict[str, Device] = {}
        self.tabs = tabs
        self.chance = random.Random(seed)
        self.users = stored_rows.user_ids(names)
        self.names = sorted(self.users)
        self.passwords = dict.fromkeys(self.names, PASSWORD)
        self.logins = Logins(self.passwords, every=2.0, seed=seed, record=record)
        self.real: dict[str, BrowserTab] = {}
        self.watch = Watch()
        self.writer_failures = 0

    # What happens

    def hear(self, event: Event) -> None:
        """Take an event of any tab: into the record, and into the present."""
        if event.get("tab") is None:
            if event["event"] == "error":
                raise RuntimeError(f"the simulated tabs: {event['text']}")
            return
        if event["tab"] in self.record.tabs:
            self.record.tab_event(event)
            self.watch.hear(event)

    # Tabs

    async def open_tabs(self, devices: list[Device], *, in_background: bool = False) -> None:
        """Open the tabs of these devices, some after the other, and wait until all are live."""
        for some in itertools.batched(devices, OPENED_AT_ONCE):
            for device in some:
                self.devices[device.tab] = device
                self.record.open_tab(device.tab, device.username, in_background=in_background)
                cookie = f"sessionid={device.cookie}"
                await self.tabs.open(device.tab, device.tab, cookie, in_background=in_background)
            await self.until_open({device.tab for device in some}, 90)

    async def close_tabs(self, devices: list[Device]) -> None:
        """Close these tabs for good."""
        for device in devices:
            self.record.close_tab(time.time(), device.tab)
            await self.tabs.close(device.tab)
            self.devices.pop(device.tab)

    async def open_real_tabs(self, browser: Browser, devices: list[Device]) -> None:
        """Open real tabs for these devices."""
        for device in devices:
            name = f"{device.username}/chromium-{device.name}"
            self.devices[name] = Device(device.username, f"chromium-{device.name}", device.cookie)
            self.record.open_tab(name, device.username)
            self.real[name] = await chromium_tabs.open_tab(browser, name, device.cookie, self.hear)
        await self.until_open(set(self.real), 60)

    async def until_open(self, tabs: set[str], timeout: float) -> float:
        """Wait until all these tabs are live; return the seconds it took."""
        started = time.monotonic()
        await self.until(
            lambda: tabs <= self.watch.open,
            timeout,
            lambda: f"{len(tabs - self.watch.open)} tabs are not live",
        )
        return time.monotonic() - started

    @property
    def expected_open(self) -> set[str]:
        """The tabs that should be live: neither closed nor signed out."""
        return set(self.devices) - self.watch.signed_out

    async def until(
        self, condition: Callable[[], bool], timeout: float, what: Callable[[], str]
    ) -> None:
        """Wait until the condition holds; AssertionError with `what()` after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout:.0f} s: {what()}"
            await asyncio.sleep(0.1)

    # Rows

    async def settle(self, since: float, until: float) -> None:
        """Wait until all tabs are live and show every row made in that time, at most SETTLE_SECONDS; keep the rows.

        Then until what was withdrawn or updated in that time must be seen to be so: SETTLED after its end.
        """
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            try:
                rows = await docker_engine.aside(stored_rows.rows, self.names)
            except stored_rows.AwayError:
                complete = False
            else:
                self.record.store(rows)
                complete = self.expected_open <= self.watch.open and self.watch.shows_all(
                    rows, self._tabs_by_user(), since, until
                )
            if complete or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        # Sooner nobody is judged by what was withdrawn or updated right before.
        await asyncio.sleep(max(0.0, until + SETTLED - time.time()))
        deadline = max(deadline, time.monotonic() + SETTLED)
        while True:
            with contextlib.suppress(stored_rows.AwayError):
                self.record.store(await docker_engine.aside(stored_rows.rows, self.names))
            await self._screens()
            # On another thread: what real tabs tell has the time at which it is heard.
            known = self.record.as_it_stands()
            found = (await docker_engine.aside(judge, known, since, until)).found
            if not any(found[name].count for name in REVISED) or time.monotonic() > deadline:
                return

    async def _screens(self) -> None:
        """Have each tab tell what is to be seen in it."""
        await self.tabs.screens()
        for tab in self.real.values():
            await tab.screen()
        # The screens are answered behind everything else on the pipe.
        await asyncio.sleep(0.5)

    def _tabs_by_user(self) -> dict[str, list[str]]:
        tabs: dict[str, list[str]] = {}
        for tab in self.expected_open:
            tabs.setdefault(self.devices[tab].username, []).append(tab)
        return tabs

    # The writer

    @asynccontextmanager
    async def writing(self, rate: float, seed: int, log: IO[bytes]) -> AsyncIterator[None]:
        """Notifications at `rate` a second to everybody at random, and logins, while this runs.

        What the writer logs goes into `log`.
        """
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{WEB}",
        }
        writer = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "prove.people.writer",
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            env=environment,
        )
        assert writer.stdin is not None
        order = {"users": self.users, "rate": rate, "seed": seed}
        writer.stdin.write(json.dumps(order).encode() + b"\n")
        reading = asyncio.create_task(self._read(writer))
        people = asyncio.create_task(self.logins.run())
        try:
            yield
        finally:
            people.cancel()
            writer.stdin.close()
            await asyncio.wait_for(reading, 60)
            assert await writer.wait() == 0, "the writer failed"

    async def _read(self, writer: Process) -> None:
        assert writer.stdout is not None
        async for line in writer.stdout:
            told = json.loads(line)
            if "begun" in told:
                self.record.write(told["t"], told["begun"], told["username"], told.get("expires"))
            elif "accepted" in told:
                self.record.accept(told["t"], told["accepted"], told["username"], told.get("id"))
                self.watch.accepted[told["accepted"]] = told["t"]
            elif "revised" in told:
                token, username = told["revised"], told["username"]
                done = Revision(told["t"], token, username, told.get("words"), told["done"])
                self.record.revise(done)
            elif "failed" in told:
                self.writer_failures += 1

    async def fresh_devices(self, names: list[str], letters: str) -> list[Device]:
        """Sign people in on new devices; return those."""
        return await docker_engine.aside(devices.make_devices, names, letters)
