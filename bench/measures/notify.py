"""notify() → frame, row committed first, at fifty a second: Bellhop's whole way, through PostgreSQL, Celery and Redis."""

from typing import Final

from bench.bench import Bench, Sample
from bench.peers import Peer

RATE: Final = 50


async def measure(bench: Bench, peer: Peer) -> Sample:
    """Notify one user after another; each message is stamped before notify() is called."""
    async with bench.crowd(peer, bench.plan.listeners) as crowd:
        count = round(RATE * bench.plan.notify_seconds)
        run = await bench.publish(peer, crowd, RATE, count, "notify", quiet=8.0)
    bench.say(f"p50 {run.p50:.1f} ms, p99 {run.p99:.1f} ms, {run.lost} lost")
    return {"p50": run.p50, "p99": run.p99, "lost": run.lost, "late": run.late}
