"""ws CPU a delivered message beyond what the sockets cost idle, with one ws process and with four."""

import asyncio
from typing import Final

from bench import engine
from bench.bench import Bench, Sample
from bench.engine import Meter
from bench.peers import Peer

RATE: Final = 400
"""A second: within what every peer sustains, so that all do the same work."""


async def measure(bench: Bench, peer: Peer) -> Sample:
    """Publish at the same rate to one process, and to several that share the sockets."""
    ws, replicas = peer.service("ws"), bench.plan.replicas
    one = await _microseconds(bench, peer)
    bench.say(f"{one:.0f} µs a message")
    if replicas == 1:
        return {"us": one}
    try:
        await engine.scale(ws, replicas)
        several = await _microseconds(bench, peer)
    finally:
        await engine.scale(ws, 1)
    bench.say(f"{several:.0f} µs a message at {replicas} replicas")
    return {"us": one, "us_scaled": several, "growth": several / one}


async def _microseconds(bench: Bench, peer: Peer) -> float:
    seconds = bench.plan.cpu_seconds
    async with bench.crowd(peer, bench.plan.listeners) as crowd:
        await asyncio.sleep(1)
        meter = await Meter(peer, ("ws",)).start()
        await asyncio.sleep(seconds)
        idle = await meter.stop()
        run = await bench.publish(peer, crowd, RATE, round(RATE * seconds))
    beside = idle["ws"] / idle["wall"] * run.cpu["wall"]
    return (run.cpu["ws"] - beside) / max(1, run.sent - run.lost) * 1e6
