"""notify() → frame at fifty a second, row committed first: the whole way through PostgreSQL, Celery and Redis."""

from typing import Final

from bench.harness import Harness, Sample
from bench.peers import Peer

RATE: Final = 50


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Notify one user after another; each message is stamped before notify() is called."""
    async with harness.crowd(peer, harness.plan.listeners) as crowd:
        count = round(RATE * harness.plan.notify_seconds)
        run = await harness.publish(peer, crowd, RATE, count, "notify", quiet=8.0)
    harness.say(f"p50 {run.p50:.1f} ms, p99 {run.p99:.1f} ms, {run.lost} lost")
    return {"p50": run.p50, "p99": run.p99, "lost": run.lost, "late": run.late}
