"""The example of thirty lines loses and repeats nothing while everything around it is broken."""

import asyncio
import re
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from support import people, stack
from support.clients.visitor import PASSWORD
from support.edge.relay import relay
from support.gateway import PATIENCE, PUBLIC_URL

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/print_notifications.py"
PER_SECOND = 20
BACK_SECONDS = 20
"""Seconds after a fault until the client prints what is new again: a service has started, a beat gone by."""

pytestmark = [pytest.mark.timeout(900), pytest.mark.redis("wipes it itself")]


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
        await device.until(1, timeout=60)
        second = await Client.start(owner)
        # The second one begins with its own login.
        await second.until(1, timeout=60)
        foreign = await Client.start(outsider)
        await foreign.until(1, timeout=60)
        try:
            publishing = asyncio.create_task(asyncio.to_thread(publish, owner, outsider))
            try:
                await break_everything((device, second), since, user)
            finally:
                stack.sql(f"UPDATE auth_user SET last_name = '{ENOUGH}' WHERE username = '{owner}'")
                said = await publishing
                # Among lines of the log: Redis was wiped under the publisher.
                total = 2 + int(re.findall(r"^count (\d+)$", said, re.MULTILINE)[-1])
            await device.until(total, timeout=60)
            await second.until(total - 1, timeout=60)
            await foreign.until(2, timeout=60)
            # What must not happen: one more, one twice, one of somebody else.
            await asyncio.sleep(1)
            assert device.seqs == list(range(1, total + 1))
            assert second.seqs == list(range(2, total + 1))
            assert all(owner in line for line in device.lines[2:] + second.lines[1:])
            assert foreign.lines[1:] == [f"2 only {outsider}"]
        finally:
            for client in (device, second, foreign):
                await client.end()
            await asyncio.to_thread(stack.wait_healthy)


ENOUGH = "enough"


def publish(owner: str, outsider: str) -> str:
    """Notify somebody from the web service until their last name says that it is enough; return how often.

    One goes to the outsider.
    """
    return stack.shell(
        "import time\n"
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"owner = User.objects.get(username={owner!r})\n"
        f"notify(User.objects.get(username={outsider!r}), message='only {outsider}')\n"
        f"enough = User.objects.filter(pk=owner.pk, last_name={ENOUGH!r})\n"
        "start, count = time.monotonic(), 0\n"
        "while not enough.exists() and count < 10_000:\n"
        "    notify(owner, message=f'{count} for {owner.username}')\n"
        "    count += 1\n"
        f"    time.sleep(max(0, start + count / {PER_SECOND} - time.monotonic()))\n"
        "print('count', count)"
    )


async def break_everything(clients: tuple[Client, ...], since: float, user: str) -> None:
    """Kill ws, reload nginx, wipe Redis, kill the worker: each once, and the next when all is printed again."""
    await printing_again(clients)
    for break_it in (kill_ws, reload_nginx_and_wipe_redis, kill_worker):
        await asyncio.to_thread(break_it)
        await printing_again(clients)
    # Both were thrown out twice, or nothing was tried: by ws at once, by nginx ten seconds after its reload.
    deadline = time.monotonic() + 10 * PATIENCE
    while opened(since, user) < 3 * len(clients):
        assert time.monotonic() < deadline, "nginx let go of nobody"
        await asyncio.sleep(0.5)
    await printing_again(clients)


def opened(since: float, user: str) -> int:
    """Return how many sockets that user has opened."""
    words = ("event=socket_open", user)
    return sum(all(word in line for word in words) for line in stack.logs("ws", since))


async def printing_again(clients: tuple[Client, ...]) -> None:
    """Wait until each has printed for two seconds more, whatever became of what was under way."""
    goals = [len(client.lines) + 2 * PER_SECOND for client in clients]
    for client, goal in zip(clients, goals, strict=True):
        await client.until(goal, BACK_SECONDS * PATIENCE)


def kill_ws() -> None:
    stack.kill("ws")
    stack.start("ws")


def reload_nginx_and_wipe_redis() -> None:
    # What is connected stays with the old workers for ten seconds more, whatever else goes on.
    stack.reload_nginx()
    stack.redis("FLUSHALL")
    stack.kill("redis")
    stack.start("redis")


def kill_worker() -> None:
    stack.kill("worker")
    stack.start("worker")
