"""Publish → frame at fixed rates, with sockets that are open and otherwise idle."""

from typing import Final

from bench.harness import Harness, Sample
from bench.peers import Peer

RATES: Final = (200, 3000)


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Publish at each rate; what is lost is counted, and the rest's times are what they are."""
    sample: Sample = {}
    async with harness.crowd(peer, harness.plan.listeners) as crowd:
        for rate in RATES:
            run = await harness.publish(
                peer, crowd, rate, round(rate * harness.plan.latency_seconds)
            )
            harness.say(f"{rate}/s: p50 {run.p50:.2f} ms, p99 {run.p99:.2f} ms, {run.lost} lost")
            sample |= {
                f"p50_{rate}": run.p50,
                f"p99_{rate}": run.p99,
                f"lost_{rate}": run.lost / run.sent,
                f"ws_us_{rate}": run.cpu["ws"] / max(1, run.sent - run.lost) * 1e6,
                f"generator_cores_{rate}": run.cpu["generator"] / run.cpu["wall"],
            }
    return sample
