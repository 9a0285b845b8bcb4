"""ws CPU a delivered message beyond what the sockets cost idle, with one ws process and with four."""

import asyncio
from typing import Final

from bench.containers import engine
from bench.containers.engine import Meter
from bench.harness import Harness, Sample
from bench.peers import Peer

RATE: Final = 400
"""A second: within what every peer sustains, so that all do the same work."""


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Publish at the same rate to one process, and to several that share the sockets."""
    ws, replicas = peer.service("ws"), harness.plan.replicas
    one = await _microseconds(harness, peer)
    harness.say(f"{one:.0f} µs a message")
    if replicas == 1:
        return {"us": one}
    try:
        await engine.scale(ws, replicas)
        several = await _microseconds(harness, peer)
    finally:
        await engine.scale(ws, 1)
    harness.say(f"{several:.0f} µs a message at {replicas} replicas")
    return {"us": one, "us_scaled": several, "growth": several / one}


async def _microseconds(harness: Harness, peer: Peer) -> float:
    seconds = harness.plan.cpu_seconds
    async with harness.crowd(peer, harness.plan.listeners) as crowd:
        await asyncio.sleep(1)
        meter = await Meter(peer, ("ws",)).start()
        await asyncio.sleep(seconds)
        idle = await meter.stop()
        run = await harness.publish(peer, crowd, RATE, round(RATE * seconds))
    beside = idle["ws"] / idle["wall"] * run.cpu["wall"]
    return (run.cpu["ws"] - beside) / max(1, run.sent - run.lost) * 1e6
