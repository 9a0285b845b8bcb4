"""Connects: how many sockets a second of ws CPU opens, until each hears; with authentication where the peer has it."""

import time

from bench.bench import Bench, Sample
from bench.engine import Meter
from bench.peers import Peer


async def measure(bench: Bench, peer: Peer) -> Sample:
    """Open the sockets, fifty at a time, and count until the last one hears."""
    count = bench.plan.connects
    users = await bench.users(peer, count)
    async with bench.crowd(peer) as crowd:
        meter = await Meter(peer).start()
        began = time.monotonic()
        await crowd.open(users)
        took = time.monotonic() - began
        cpu = await meter.stop()
    bench.say(f"{count / took:,.0f} connects/s, {cpu['ws'] / count * 1e6:,.0f} µs of ws CPU each")
    return {
        "per_cpu_second": count / cpu["ws"],
        "per_second": count / took,
        "generator_cores": cpu["generator"] / cpu["wall"],
    }
