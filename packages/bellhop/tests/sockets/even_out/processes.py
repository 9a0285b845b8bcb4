"""Socket processes in one event loop: each with its own registry and its own task, over a real Redis."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from bellhop.sockets.even_out.even_out_sockets import EvenOut
from bellhop.sockets.open_sockets import Registry

HURRY = 20
"""A second of these tests is as many."""


class BareSocket:
    send_away: Callable[[], None]

    def __init__(self, *, is_ready: bool) -> None:
        self.login = SimpleNamespace(user_id=1)
        self.is_ready = is_ready


class Sockets:
    """The sockets of one process; who is sent away opens one where there are fewest."""

    everyone: list["Sockets"] = []

    def __init__(self, count: int, *, is_ready: bool = True) -> None:
        self.registry = Registry(10_000)
        self.even_out = EvenOut(self.registry)
        self.sent_away: list[int] = []
        for number in range(count):
            self.open(number, is_ready=is_ready)

    def open(self, number: int, *, is_ready: bool = True) -> None:
        socket: Any = BareSocket(is_ready=is_ready)

        def send_away() -> None:
            self.sent_away.append(number)
            self.registry.leave(socket)
            min(self.everyone, key=lambda one: len(one.registry.sockets)).open(number)

        socket.send_away = send_away
        self.registry.add(socket)

    def __len__(self) -> int:
        return len(self.registry.sockets)


@contextmanager
def running(*processes: Sockets) -> Iterator[None]:
    Sockets.everyone = list(processes)
    for process in processes:
        process.even_out.start()
    try:
        yield
    finally:
        for process in processes:
            process.even_out.leave()


async def seconds(count: float) -> None:
    await asyncio.sleep(count / HURRY)


def heard(process: Sockets) -> tuple[int, ...]:
    """Return what the others have said to this one."""
    return process.even_out._processes.figures(0, time.monotonic() * HURRY).others
