"""The tools of every measure: peers, their users, crowds of sockets, publishers, meters."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bench.containers import engine
from bench.containers.engine import Meter
from bench.load.crowd import Crowd
from bench.load.dialects import User
from bench.peers import Peer
from bench.plan import Plan
from bench.publishing import orders
from bench.reporting import figures

NGINX_PORT: Final = 8080
WARM: Final = 50
ANSWER_SECONDS: Final = 1200.0

Sample = dict[str, float]
"""What one round of one measure found, by name; a name's unit is in bench/reporting/goals.py."""


@dataclass(frozen=True)
class Run:
    """What came of some messages. Times in ms, publish → frame; CPU in seconds by role."""

    sent: int
    sent_per_second: float
    late: float
    lost: int
    dropped: int
    p50: float
    p99: float
    took: float
    """Seconds from the order to the last frame."""
    cpu: dict[str, float]
    publisher_cpu: float


@dataclass
class Harness:
    """One run of the benchmark. `host` is what the clients call nginx: host and port of PUBLIC_URL."""

    plan: Plan
    host: str
    say: Callable[[str], None]
    _users: dict[str, list[User]] = field(default_factory=dict)

    async def users(self, peer: Peer, count: int) -> list[User]:
        """Return that many users of a peer, with sessions where it has accounts; made at the first call."""
        if peer.name not in self._users:
            if peer.is_django:
                command = ("python", "/bench/accounts.py", str(self.plan.accounts))
                written = await engine.run(peer.service("web"), *command)
                listed = json.loads(written.strip().rpartition("\n")[2])
                self._users[peer.name] = [User(user_id, session) for user_id, session in listed]
            else:
                self._users[peer.name] = [User(n + 1, "") for n in range(self.plan.accounts)]
        return self._users[peer.name][:count]

    @asynccontextmanager
    async def crowd(self, peer: Peer, count: int = 0) -> AsyncIterator[Crowd]:
        """Open sockets of that many users, and close them at the end."""
        crowd = Crowd((peer.service("nginx"), NGINX_PORT), self.host, peer.dialect)
        try:
            await crowd.open(await self.users(peer, count))
            if crowd.refused:
                self.say(f"{crowd.refused} handshakes were refused and made again")
            yield crowd
        finally:
            await crowd.close()

    async def warm(self, peer: Peer) -> None:
        """Take every path once, so that no measurement is of pools that fill and modules that are imported."""
        async with self.crowd(peer, WARM) as crowd:
            await self.publish(peer, crowd, rate=100, count=WARM)

    async def publish(
        self,
        peer: Peer,
        crowd: Crowd,
        rate: float,
        count: int,
        do: str = "publish",
        threads: int = 1,
        **settle: float,
    ) -> Run:
        """Have `count` messages published at `rate` a second to the crowd's users in turn; see what arrives.

        `settle` is handed to Crowd.settle. RuntimeError for a message that came twice or to someone else.
        """
        crowd.calm()
        users = sorted(one.user.id for one in crowd.sockets)
        dropped = crowd.dropped
        first = crowd.arrivals.expect(count, users if do == "broadcast" else ())
        meter = await Meter(peer).start()
        order = {
            "do": do,
            "users": users,
            "rate": rate,
            "count": count,
            "first": first,
            "threads": threads,
        }
        began_ns = time.monotonic_ns()
        answer = await ask(peer.publisher, order)
        await crowd.settle(**settle)
        cpu = await meter.stop()
        arrivals = crowd.arrivals
        if arrivals.astray or arrivals.doubled:
            raise RuntimeError(
                f"{peer.title}: {arrivals.astray} messages to the wrong user, {arrivals.doubled} doubled"
            )
        delays = arrivals.milliseconds()
        return Run(
            sent=answer["sent"],
            sent_per_second=answer["sent"] / answer["seconds"],
            late=answer.get("late", 0.0),
            lost=arrivals.lost,
            dropped=crowd.dropped - dropped,
            p50=figures.percentile(delays, 50),
            p99=figures.percentile(delays, 99),
            took=(arrivals.last_ns - began_ns) / 1e9,
            cpu=cpu,
            publisher_cpu=answer["cpu"],
        )


async def ask(publisher: str, order: orders.Order) -> Any:
    """Give a publisher an order and return its answer; RuntimeError with what it says if it failed."""
    reader, writer = await asyncio.open_connection(publisher, orders.PORT, limit=2**24)
    try:
        writer.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = json.loads(await reader.readline())
    finally:
        writer.close()
    if "error" in answer:
        raise RuntimeError(f"{publisher}: {answer['error']}")
    return answer
