"""A broadcast: one notification to each of many connected users, from the call to the last frame.

With the Django peers each user gets a row of the same text, committed first, then a task, then a frame. The others have
neither rows nor tasks: there it is one message to each user's own channel, published as fast as it goes.
"""

from typing import Final

from bench.harness import Harness, Sample
from bench.peers import Peer

AT_ONCE: Final = 1e6
"""A rate that no publisher holds back for."""


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Broadcast once; users/s counts until the last one has it."""
    count = harness.plan.audience
    do = "broadcast" if peer.is_django else "publish"
    async with harness.crowd(peer, count) as crowd:
        # What Bellhop's ring misses its beat brings within 5 s: late is not lost.
        run = await harness.publish(peer, crowd, AT_ONCE, count, do, longest=60.0, quiet=12.0)
    harness.say(f"{count / run.took:,.0f} users/s, {run.lost} lost, p99 {run.p99:,.0f} ms")
    return {
        "per_second": count / run.took,
        "lost": run.lost,
        "p50": run.p50,
        "p99": run.p99,
        "worker_ms": run.cpu.get("worker", 0.0) / count * 1000,
        "ws_us": run.cpu["ws"] / count * 1e6,
        "db_ms": run.cpu.get("db", 0.0) / count * 1000,
        "publisher_ms": run.publisher_cpu / count * 1000,
        "generator_cores": run.cpu["generator"] / run.cpu["wall"],
    }
