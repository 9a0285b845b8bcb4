"""Time flies for the task that evens out sockets: what takes it half a minute takes a second or two here."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from bellhop.sockets.even_out import even_out_sockets
from sockets.even_out.processes import HURRY


@pytest.fixture(autouse=True)
def time_flies(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = SimpleNamespace(
        sleep=lambda seconds: asyncio.sleep(max(0, seconds) / HURRY),
        get_running_loop=asyncio.get_running_loop,
        Task=asyncio.Task,
    )
    monkeypatch.setattr(even_out_sockets, "asyncio", hurried)
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() * HURRY)
    monkeypatch.setattr(even_out_sockets, "time", clock)
