"""notify() one by one from a few threads, as a web service has them, through Celery with two workers.

From the first call to the last frame.
"""

from typing import Final

from bench.containers import engine
from bench.harness import Harness, Sample
from bench.measures.speed.broadcast import AT_ONCE
from bench.peers import Peer

WORKERS: Final = 2
THREADS: Final = 4


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Scale the worker, notify, scale back."""
    count = harness.plan.one_by_one
    try:
        await engine.scale(peer.service("worker"), WORKERS)
        async with harness.crowd(peer, harness.plan.listeners) as crowd:
            run = await harness.publish(
                peer, crowd, AT_ONCE, count, "notify", threads=THREADS, longest=60.0, quiet=8.0
            )
    finally:
        await engine.scale(peer.service("worker"), 1)
    harness.say(
        f"{count / run.took:,.0f} messages/s, notify() {run.sent_per_second:,.0f}/s, {run.lost} lost"
    )
    return {
        "per_second": count / run.took,
        "called_per_second": run.sent_per_second,
        "lost": run.lost,
        "p50": run.p50,
        "p99": run.p99,
        "worker_ms": run.cpu["worker"] / count * 1000,
        "publisher_ms": run.publisher_cpu / count * 1000,
    }
