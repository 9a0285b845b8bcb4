"""The example of thirty lines loses and repeats nothing while everything around it is broken."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from support import people, stack
from support.clients.visitor import PASSWORD
from support.edge.relay import relay
from support.gateway import PUBLIC_URL

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/print_notifications.py"
SECONDS, PER_SECOND = 60, 20

pytestmark = [pytest.mark.timeout(300), pytest.mark.redis("wipes it itself")]


class Client:
    """The example, as a process of its own; every line it has printed."""

    def __init__(self, process: Process) -> None:
        self.lines: list[str] = []
        self._process = process
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, username: str) -> "Client":
        command = [sys.executable, str(EXAMPLE), PUBLIC_URL, username, PASSWORD]
        return cls(await asyncio.create_subprocess_exec(*command, stdout=PIPE))

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.lines.append(line.decode().strip())

    @property
    def seqs(self) -> list[int]:
        return [int(line.split()[0]) for line in self.lines]

    async def until(self, count: int, timeout: float) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while len(self.lines) < count:
            now = asyncio.get_running_loop().time()
            assert now < deadline, f"{len(self.lines)} of {count} after {timeout} s"
            await asyncio.sleep(0.1)

    async def end(self) -> None:
        self._process.terminate()
        await self._process.wait()
        await self._reader


async def test_a_client_that_only_prints_loses_and_repeats_nothing_through_every_fault() -> None:
    owner, outsider = people.make(2)
    since, user = time.time(), f"user={people.user_id(owner)} "
    async with relay():
        device = await Client.start(owner)
        await device.until(1, timeout=30)
        second = await Client.start(owner)
        # The second one begins with its own login.
        await second.until(1, timeout=30)
        foreign = await Client.start(outsider)
        await foreign.until(1, timeout=30)
        try:
            publishing = asyncio.create_task(asyncio.to_thread(publish, owner, outsider))
            await break_everything()
            await publishing
            total = 2 + SECONDS * PER_SECOND
            await device.until(total, timeout=60)
            await second.until(total - 1, timeout=60)
            # What must not happen: one more, one twice, one of somebody else.
            await asyncio.sleep(1)
            assert device.seqs == list(range(1, total + 1))
            assert second.seqs == list(range(2, total + 1))
            assert all(owner in line for line in device.lines[2:] + second.lines[1:])
            assert foreign.lines[1:] == [f"2 only {outsider}"]
            # Both were thrown out at least once, or nothing was tried.
            opened = [line for line in stack.logs("ws", since) if "event=socket_open" in line]
            assert len([line for line in opened if user in line]) >= 4
        finally:
            for client in (device, second, foreign):
                await client.end()
            await asyncio.to_thread(stack.wait_healthy)


def publish(owner: str, outsider: str) -> None:
    """A minute of notifications, from the web service; one goes to the outsider."""
    stack.shell(
        "import time\n"
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"owner = User.objects.get(username={owner!r})\n"
        f"notify(User.objects.get(username={outsider!r}), message='only {outsider}')\n"
        "start = time.monotonic()\n"
        f"for number in range({SECONDS * PER_SECOND}):\n"
        "    notify(owner, message=f'{number} for {owner.username}')\n"
        f"    time.sleep(max(0, start + (number + 1) / {PER_SECOND} - time.monotonic()))\n"
    )


async def break_everything() -> None:
    """Kill ws, wipe Redis, kill the worker, reload nginx: each once, some ten seconds apart."""
    await asyncio.sleep(8)
    for break_it in (kill_ws, wipe_redis, kill_worker, stack.reload_nginx):
        await asyncio.to_thread(break_it)
        await asyncio.sleep(10)


def kill_ws() -> None:
    stack.kill("ws")
    stack.start("ws")


def wipe_redis() -> None:
    stack.redis("FLUSHALL")
    stack.kill("redis")
    stack.start("redis")


def kill_worker() -> None:
    stack.kill("worker")
    stack.start("worker")
