"""An idle socket: its memory, by the slope between few and many, and its CPU, signs of life included."""

import asyncio

from bench.containers import engine
from bench.containers.engine import Meter
from bench.harness import Harness, Sample
from bench.peers import Peer


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Start the process anew, since memory that was used once is seldom given back; open few, open many, wait."""
    plan, ws = harness.plan, peer.service("ws")
    users = await harness.users(peer, plan.idle_many)
    await engine.restart(ws)
    async with harness.crowd(peer, plan.idle_few) as crowd:
        await asyncio.sleep(plan.settle_seconds)
        few = await engine.memory(ws)
        await crowd.open(users[plan.idle_few :])
        await asyncio.sleep(plan.settle_seconds)
        many = await engine.memory(ws)
        meter = await Meter(peer, ("ws",)).start()
        await asyncio.sleep(plan.idle_seconds)
        cpu = await meter.stop()
        if crowd.dropped:
            raise ConnectionError(f"{peer.title}: {crowd.dropped} idle sockets were closed")
    kilobytes = (many - few) / (plan.idle_many - plan.idle_few) / 1000
    cores = cpu["ws"] / cpu["wall"] / (plan.idle_many / 1000)
    harness.say(
        f"{kilobytes:.1f} kB a socket, {cores * 1000:.1f} ms of CPU a second for 1,000 sockets"
    )
    return {"kilobytes": kilobytes, "ms_per_1000": cores * 1000, "megabytes": many / 1e6}
