"""People who are told something every second while something else goes on, and what became of it."""

import asyncio
from typing import Any
from uuid import uuid4

from support import people, stack
from support.clients.visitor import Socket, Visitor
from support.gateway import BEAT, PATIENCE

DEADLINE = BEAT * PATIENCE
"""Seconds from notify() to the frame."""

LONGEST = 3600
"""Seconds after which nothing more is told, even if nobody came to end it."""


class Audience:
    """Visitors with a socket each. Each message is its number and the time it was sent."""

    def __init__(self, visitors: list[Visitor], sockets: list[Socket]) -> None:
        self.marker = f"served-{uuid4().hex}"
        self._sockets = sockets
        # An account nobody uses: what is told ends when it is deactivated.
        (self._switch,) = people.make()
        names = [visitor.username for visitor in visitors]
        code = (
            "import time\n"
            "from bellhop.notify import notify\n"
            "from django.contrib.auth.models import User\n"
            f"users = list(User.objects.filter(username__in={names!r}).order_by('pk'))\n"
            f"switch = User.objects.filter(username={self._switch!r}, is_active=True)\n"
            "count = 0\n"
            f"while count < {LONGEST} and switch.exists():\n"
            "    for user in users:\n"
            f"        notify(user, message=f'{self.marker} {{count}} {{time.time()}}')\n"
            "    count += 1\n"
            "    time.sleep(1)\n"
            "print('count', count)"
        )
        self._publisher = asyncio.create_task(asyncio.to_thread(stack.shell, code))

    @classmethod
    async def gather(cls, arrive: Any, count: int) -> "Audience":
        """Sign that many people in, and return when each has heard something."""
        # One after another: so many passwords at once to be hashed is a storm of its own.
        visitors = [await arrive() for _ in range(count)]
        audience = cls(visitors, [await visitor.socket() for visitor in visitors])
        # The shell takes some seconds to start.
        await audience._until_heard(1, 60)
        return audience

    async def end(self) -> tuple[int, float]:
        """Stop telling; return how many each was told, and the worst delay.

        AssertionError unless each has heard all of it, once, in order, in time, on the one socket.
        """
        stack.sql(f"UPDATE auth_user SET is_active = false WHERE username = '{self._switch}'")
        count = int((await self._publisher).split()[-1])
        await self._until_heard(count, DEADLINE)
        for socket in self._sockets:
            assert [number for number, _ in self._heard(socket)] == list(range(count))
            assert socket.closed_with is None
        worst = max(delay for socket in self._sockets for _, delay in self._heard(socket))
        assert worst < DEADLINE
        return count, worst

    async def _until_heard(self, count: int, timeout: float) -> None:
        for socket in self._sockets:
            await socket.until(
                lambda socket: len(self._heard(socket)) >= count, timeout, f"{count} heard"
            )

    def _heard(self, socket: Socket) -> list[tuple[int, float]]:
        """Return number and delay of each message, as they came."""
        heard = []
        for frame, arrival in zip(socket.frames, socket.arrivals, strict=True):
            if frame.get("message", "").startswith(self.marker):
                _, number, sent = frame["message"].split()
                heard.append((int(number), arrival - float(sent)))
        return heard
