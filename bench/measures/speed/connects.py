"""Connects: how many sockets a second of ws CPU opens, until each hears; with authentication where the peer has it."""

import time

from bench.containers.engine import Meter
from bench.harness import Harness, Sample
from bench.peers import Peer


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Open the sockets, fifty at a time, and count until the last one hears."""
    count = harness.plan.connects
    users = await harness.users(peer, count)
    async with harness.crowd(peer) as crowd:
        meter = await Meter(peer).start()
        began = time.monotonic()
        await crowd.open(users)
        took = time.monotonic() - began
        cpu = await meter.stop()
    if crowd.refused:
        harness.say(f"{crowd.refused} handshakes were refused and made again")
    harness.say(f"{count / took:,.0f} connects/s, {cpu['ws'] / count * 1e6:,.0f} µs of ws CPU each")
    return {
        "per_cpu_second": count / cpu["ws"],
        "per_second": count / took,
        "refused": crowd.refused,
        "generator_cores": cpu["generator"] / cpu["wall"],
    }
