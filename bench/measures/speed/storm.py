"""A reconnect storm: kill -9 of the ws process with all its sockets, under traffic; clients come back as the page does.

Full jitter below 0.5 s, doubled at each failure; with `after`, the last seq each has seen. Docker starts the process
anew.
"""

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field
from typing import Final

from bench.containers import engine
from bench.harness import NGINX_PORT, Harness, Sample, ask
from bench.load.arrivals import Arrivals
from bench.load.crowd import Crowd
from bench.load.dialects import Dialect, User
from bench.peers import Peer

RATE: Final = 50
BEFORE_SECONDS: Final = 2.0
TRAFFIC_SECONDS: Final = 20.0
LONGEST_SECONDS: Final = 120.0
SHARE: Final = 0.99
BASE_SECONDS: Final = 0.5
CAP_SECONDS: Final = 30.0
"""As packages/bellhop/js/src/net/contract.js has them."""


class Following(Arrivals):
    """Arrivals that also keep each user's cursor, as a page does."""

    def __init__(self) -> None:
        super().__init__()
        self.cursors: dict[int, int] = {}

    def note(self, user: int, payload: bytes) -> bool:
        frame = json.loads(payload)
        if frame["type"] == "notification":
            self.cursors[user] = frame["seq"]
        elif frame["type"] == "ready":
            self.cursors.setdefault(user, frame["seq"])
        return super().note(user, payload)


@dataclass(frozen=True)
class Returning(Dialect):
    """Asks for what came after the cursor."""

    ready: bytes = b'"ready"'
    following: Following = field(default_factory=Following)

    def path_of(self, user: User) -> str:
        known = self.following.cursors
        return f"{self.path}?after={known[user.id]}" if user.id in known else self.path


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Open, notify at a steady rate, kill, and count the seconds until 99 % hear again."""
    users = await harness.users(peer, harness.plan.storm)
    following = Following()
    crowd = Crowd((peer.service("nginx"), NGINX_PORT), harness.host, Returning(following=following))
    crowd.arrivals = following
    try:
        await crowd.open(users)
        count = round(RATE * TRAFFIC_SECONDS)
        order = {
            "do": "notify",
            "users": random.sample([user.id for user in users], len(users)),
            "rate": RATE,
            "count": count,
            "first": following.expect(count),
        }
        traffic = asyncio.create_task(ask(peer.publisher, order))
        await asyncio.sleep(BEFORE_SECONDS)
        await engine.crash(peer.service("ws"))
        seconds, refusals = await _return(crowd, users)
        await traffic
        await crowd.settle(longest=60.0, quiet=12.0)
        back = len(crowd.sockets) / len(users)
    finally:
        await crowd.close()
    harness.say(f"99 % back after {seconds:.1f} s, {refusals} refusals, {following.lost} lost")
    return {
        "seconds": seconds,
        "back": back,
        "refusals": refusals,
        "lost": following.lost,
        "doubled": following.doubled,
        "astray": following.astray,
    }


async def _return(crowd: Crowd, users: list[User]) -> tuple[float, int]:
    """Have everyone come back; return when 99 % had, in seconds since the kill, and how many attempts failed."""
    began = time.monotonic()
    await crowd.emptied(5.0)
    refusals = 0

    async def come_back(user: User) -> None:
        nonlocal refusals
        ceiling = BASE_SECONDS
        while True:
            await asyncio.sleep(random.uniform(0, ceiling))
            try:
                await crowd.open_one(user)
                return
            except (OSError, TimeoutError):
                refusals += 1
                ceiling = min(CAP_SECONDS, ceiling * 2)

    tasks = [asyncio.create_task(come_back(user)) for user in users]
    enough = SHARE * len(users)
    heard = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            for done in asyncio.as_completed(tasks):
                await done
                heard += 1
                if heard >= enough:
                    break
    seconds = time.monotonic() - began
    await asyncio.wait(tasks, timeout=CAP_SECONDS)
    for task in tasks:
        task.cancel()
    return seconds, refusals
