"""Memory of the ws process over a quarter of an hour of traffic: saved notifications and unsaved messages."""

import asyncio
import time
from typing import Final

from bench.containers import engine
from bench.harness import Harness, Sample
from bench.peers import Peer

NOTIFY_RATE: Final = 20
PUBLISH_RATE: Final = 500
SLICE_SECONDS: Final = 10.0
WARM_MINUTES: Final = 2.0
"""By then every path was taken and the process has its size."""


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Alternate the two kinds of traffic and read the memory; compare the last readings with the first warm ones."""
    ws, readings, lost = peer.service("ws"), [], 0
    minutes = harness.plan.soak_minutes
    await engine.restart(ws)
    began = time.monotonic()
    async with harness.crowd(peer, harness.plan.listeners) as crowd:
        while (passed := (time.monotonic() - began) / 60) < minutes:
            for do, rate in (("publish", PUBLISH_RATE), ("notify", NOTIFY_RATE)):
                run = await harness.publish(
                    peer, crowd, rate, round(rate * SLICE_SECONDS), do, quiet=8.0
                )
                lost += run.lost
            memory = await engine.memory(ws)
            readings.append((passed, memory / 1e6))
            harness.say(f"{passed:.1f} min: {memory / 1e6:.1f} MB, {lost} lost")
            await asyncio.sleep(0)
    warm = [megabytes for at, megabytes in readings if at >= min(WARM_MINUTES, minutes / 3)]
    third = max(1, len(warm) // 4)
    first, last = sum(warm[:third]) / third, sum(warm[-third:]) / third
    return {
        "growth": last / first,
        "first_mb": first,
        "last_mb": last,
        "lost": lost,
        "minutes": minutes,
    }
